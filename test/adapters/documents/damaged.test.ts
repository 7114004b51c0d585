/** Documents of every kind, damaged at random: they are read as far as they go, or refused; nothing else happens. */
import { expect } from 'chai';
import fc from 'fast-check';
import { documentsIn } from '#adapters/documents/documents-in.ts';
import type { FileKind } from '#adapters/documents/kind.ts';
import { readDocument } from '#adapters/documents/read-document.ts';
import { passagesOf } from '#domain/retrieval/passage.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { docx, docxParagraph } from '../../support/documents/docx.ts';
import { pdf } from '../../support/documents/pdf.ts';
import { zip } from '../../support/documents/zip.ts';

const XHTML = '<html><head><title>a</title></head><body><h1>One</h1><p>Some <b>text</b> &amp; more.</p></body></html>';
const EPUB = [
  { name: 'mimetype', content: 'application/epub+zip', stored: true },
  { name: 'META-INF/container.xml', content: '<c><rootfile full-path="b.opf"/></c>', stored: true },
  {
    name: 'b.opf',
    content: '<p><item id="a" href="a.xhtml"/><itemref idref="a"/></p>',
    stored: true,
  },
  { name: 'a.xhtml', content: XHTML, stored: true },
];

const DOCUMENTS: Readonly<Record<FileKind, Uint8Array>> = {
  pdf: pdf({
    pages: [[{ x: 50, y: 100, size: 10, text: 'Some text' }], [{ x: 50, y: 100, size: 20, text: 'Title' }]],
    outline: [{ title: 'Title', page: 1, top: 80 }],
    labels: [{ from: 0, style: 'r' }],
  }),
  docx: docx(docxParagraph('One', 'Heading1') + docxParagraph('Some text.')),
  epub: zip(EPUB),
  zip: zip([
    { name: 'a.md', content: '# One', stored: true },
    { name: 'b.txt', content: 'Two', stored: true },
  ]),
  html: Buffer.from(XHTML),
  xml: Buffer.from('<?xml version="1.0"?><a><b name="x">text</b><c>more &lt; text</c></a>'),
  vtt: Buffer.from('WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hello.\n\n00:02.000 --> 00:03.000\nHello.\nAgain.'),
  srt: Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nHello.\n\n2\n00:00:02,000 --> 00:00:03,000\nAgain.'),
  csv: Buffer.from('name,cost\n"Rope, long",1 gp\nTorch,1 cp\nTent,2 gp\n'),
  markdown: Buffer.from('# One\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- *item* [link](x)\n\n> quoted\n\n```\ncode\n```'),
  text: Buffer.from('Some text, and more of it.\n\nAnother paragraph: naïve.'),
};

const damage = fc.record({
  share: fc.double({ min: 0.05, max: 1, noNaN: true }),
  changes: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
});

function damaged(bytes: Uint8Array, { share, changes }: { share: number; changes: [number, number][] }): Uint8Array {
  const copy = Uint8Array.from(bytes.subarray(0, Math.ceil(bytes.length * share)));
  for (const [at, byte] of changes) copy[at % copy.length] = byte;
  return copy;
}

async function readAll(bytes: Uint8Array): Promise<void> {
  try {
    for await (const file of documentsIn({ bytes, name: '' })) {
      const reading = await readDocument(file);
      expect(structuredClone(reading)).to.deep.equal(reading);
      expect(passagesOf(reading.blocks)).to.have.length.greaterThan(0);
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

describe('A damaged document', function () {
  this.timeout(120_000);

  for (const [kind, bytes] of Object.entries(DOCUMENTS))
    it(`is read or refused if it is ${kind}`, async () => {
      await readAll(bytes);
      await fc.assert(
        fc.asyncProperty(damage, (how) => readAll(damaged(bytes, how))),
        { numRuns: 60 },
      );
    });
});
