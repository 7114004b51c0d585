/** Reading DOCX. */
import { expect } from 'chai';
import { readDocument } from '#adapters/documents/read-document.ts';
import { passagesOf } from '#domain/retrieval/passage.ts';
import { docx, docxParagraph, docxTable } from '../../support/documents/docx.ts';
import { refusalOf } from '../../support/documents/refused.ts';
import { shown } from '../../support/documents/shown.ts';
import { zip } from '../../support/documents/zip.ts';

const read = (bytes: Uint8Array) => readDocument({ bytes, name: 'a.bin' });

describe('Reading DOCX', function () {
  this.timeout(60_000);

  it('finds headings by their style, paragraphs, and tables with their header', async () => {
    const body = [
      docxParagraph('Monsters', 'Heading1'),
      docxParagraph('All &amp; every one.'),
      docxParagraph('Aboleth', 'Heading2'),
      '<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Bold</w:t></w:r><w:r><w:t>ly it</w:t></w:r><w:r><w:br/><w:t>waits.</w:t></w:r></w:p>',
      '<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>stays</w:t></w:r></w:p>',
      docxTable([
        ['Item', 'Cost'],
        ['Rope', '1 gp'],
      ]),
    ];
    const { kind, blocks } = await read(docx(body.join('')));
    expect(kind).to.equal('docx');
    expect(shown(blocks)).to.deep.equal([
      '# Monsters',
      'All & every one.',
      '## Aboleth',
      'Boldly it\nwaits.',
      'stays',
      { header: ['Item', 'Cost'], rows: [['Rope', '1 gp']] },
    ]);
  });

  it('reads a book, and does not unpack its pictures', async () => {
    const body = Array.from(
      { length: 300 },
      (_, i) => docxParagraph(`Part ${i}`, 'Heading1') + docxParagraph(`Text ${i} and ${'words '.repeat(60)}`),
    );
    const picture = { name: 'word/media/image1.png', content: Buffer.alloc(60_000_000) };
    const passages = passagesOf((await read(docx(body.join(''), [picture]))).blocks);
    expect(passages.map(({ headingPath }) => headingPath)).to.deep.equal(body.map((_, i) => `Part ${i}`));
  });

  it('is refused where it is none: another package, an archive of that name, or damaged XML', async () => {
    expect(
      await refusalOf(
        zip([
          { name: '[Content_Types].xml', content: '<Types/>' },
          { name: 'xl/workbook.xml', content: '<a/>' },
        ]),
      ),
    ).to.equal('unreadable unreadable not_its_kind');
    expect(await refusalOf(zip([{ name: 'word/document.xml', content: '<w:document' }]))).to.equal(
      'unreadable unreadable broken',
    );
    expect(await refusalOf(zip([{ name: 'word/document.xml', content: 'no XML' }]))).to.equal(
      'unreadable unreadable broken',
    );
    const whole = docx(docxParagraph('text'));
    for (const share of [0.2, 0.9])
      expect(await refusalOf(whole.subarray(0, whole.length * share))).to.equal('unreadable unreadable broken');
    expect(await refusalOf(docx(''))).to.equal('unreadable unreadable no_text');
  });

  it('is refused with a DOCTYPE, nested without end, too many elements, or packed too tightly', async () => {
    const entities = { name: 'word/document2.xml', content: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' };
    expect(await refusalOf(docx(docxParagraph('text'), [entities]))).to.equal('unreadable unreadable doctype');
    expect(await refusalOf(docx('<w:p>'.repeat(10_000)))).to.equal('unreadable unreadable too_deep');
    expect(await refusalOf(docx('<w:p/>'.repeat(310_000)))).to.equal('too_large document_too_large ratio');
    expect(
      await refusalOf(docx(Array.from({ length: 310_000 }, (_, i) => `<w:p n="${i * 7_919}"/>`).join(''))),
    ).to.equal('too_large document_too_large elements');
    expect(await refusalOf(docx(' '.repeat(13_000_000)))).to.equal('too_large document_too_large ratio');
  });
});
