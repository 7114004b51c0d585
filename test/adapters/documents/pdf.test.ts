/** Reading PDF. */
import { expect } from 'chai';
import { readDocument } from '#adapters/documents/read-document.ts';
import { passagesOf } from '#domain/retrieval/passage.ts';
import { courierWidth, type PdfText, pdf } from '../../support/documents/pdf.ts';
import { refusalOf } from '../../support/documents/refused.ts';
import { shown } from '../../support/documents/shown.ts';

const read = (bytes: Uint8Array) => readDocument({ bytes, name: 'a.txt' });
const at = (x: number, y: number, text: string, size = 10): PdfText => ({ x, y, text, size });
/** Lines of a column, 12 points each. */
const column = (x: number, y: number, lines: readonly string[]) => lines.map((line, i) => at(x, y + i * 12, line));
/** Sentences of numbered words, broken into lines of 36 characters: as wide as a column of 230 points. */
function prose(mark: string, words: number): readonly string[] {
  const lines = [''];
  for (let i = 0; i < words; i++) {
    const word = `${mark}${i}${i % 10 === 9 ? '.' : ''}`;
    if (`${lines.at(-1)} ${word}`.length > 36) lines.push(word);
    else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
  }
  return lines;
}
const wordsIn = (texts: readonly unknown[], mark: string) =>
  texts.join(' ').match(new RegExp(`\\b${mark}\\d+`, 'g')) ?? [];
const numbered = (mark: string, count: number) => Array.from({ length: count }, (_, i) => `${mark}${i}`);

describe('Reading PDF', function () {
  this.timeout(60_000);

  it('reads two columns one after the other, with what stands across them in its place', async () => {
    const page = [
      at(60, 100, 'This title stands over both of the columns of the page, all of it', 12),
      ...column(50, 130, prose('a', 100)),
      ...column(330, 130, prose('b', 100)),
      at(60, 420, 'And this one stands between the upper and the lower columns of it', 12),
      ...column(50, 450, prose('c', 100)),
      ...column(330, 450, prose('d', 100)),
    ];
    const blocks = shown((await read(pdf({ pages: [page.toReversed()] }))).blocks);
    const order = blocks.join(' ').match(/\b[abcd]\d+|title|between/g);
    expect(order).to.deep.equal([
      'title',
      ...numbered('a', 100),
      ...numbered('b', 100),
      'between',
      ...numbered('c', 100),
      ...numbered('d', 100),
    ]);
  });

  it('reads a table across, and not by its columns', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => [
      at(60, 200 + i * 14, `item${i}`),
      at(400, 200 + i * 14, `${i} gp`),
    ]);
    const blocks = shown((await read(pdf({ pages: [rows.flat()] }))).blocks).join(' ');
    expect(blocks).to.include('item3 3 gp').and.to.include('item11 11 gp');
  });

  it('puts paragraphs together over columns and pages, and divided words', async () => {
    const first = [
      ...column(50, 100, ['The dragon sleeps under the moun-', 'tain for a hundred years. And']),
      at(50, 200, 'it'),
    ];
    const pages = [first, column(50, 100, ['wakes. Nobody knows.', 'More.'])];
    const blocks = shown((await read(pdf({ pages }))).blocks);
    expect(blocks).to.deep.equal([
      'The dragon sleeps under the mountain for a hundred years. And',
      'it wakes. Nobody knows. More.',
    ]);
  });

  it('drops running heads, feet and page numbers, and nothing else that stands there', async () => {
    const pages = Array.from({ length: 8 }, (_, i) => [
      at(60, 30, i % 2 === 0 ? 'The Book of Monsters' : 'Chapter 3: Beasts'),
      at(60, 42, `Monster ${i} of the hills`),
      at(60, 70, 'Challenge 3'),
      ...column(50, 100, prose(`w${i}x`, 30)),
      at(300, 770, `${i + 1}`),
      ...(i === 4 ? [at(60, 760, 'A note that stands here once.')] : []),
    ]);
    const text = shown((await read(pdf({ pages }))).blocks).join('\n');
    expect(text).not.to.match(/Book of Monsters|Chapter 3: Beasts|of the hills|(?:^|\s)[12456789](?:\s|$)/);
    expect(text).to.include('A note that stands here once.');
    expect(text.match(/Challenge/g)).to.have.length(8);
  });

  it('takes its path from the outline, and the label of the page beside its number', async () => {
    const pages = [
      column(50, 100, prose('p', 30)),
      [
        at(50, 100, 'Monsters', 10),
        ...column(50, 130, prose('a', 30)),
        at(50, 300, 'The Ab-', 10),
        at(50, 312, 'oleth'),
        ...column(50, 340, prose('b', 30)),
      ],
      [...column(50, 100, prose('c', 30)), ...column(50, 400, prose('d', 30))],
    ];
    const outline = [
      { title: 'Monsters', page: 1, items: [{ title: 'The Aboleth', page: 1, top: 290 }] },
      { title: 'Not printed', page: 2, top: 390 },
    ];
    const labels = [
      { from: 0, style: 'r' },
      { from: 1, style: 'D' },
    ] as const;
    const passages = passagesOf((await read(pdf({ pages, outline, labels }))).blocks);
    expect(passages.map(({ headingPath, page, pageLabel }) => [headingPath, page, pageLabel])).to.deep.equal([
      ['', 1, 'i'],
      ['Monsters', 2, '1'],
      ['Monsters > The Aboleth', 2, '1'],
      ['Not printed', 3, '2'],
    ]);
    expect(wordsIn([passages[2]?.text], 'c')).to.deep.equal(numbered('c', 30));
    expect(wordsIn([passages[3]?.text], 'd')).to.deep.equal(numbered('d', 30));
  });

  it('takes its path from the sizes of the font where there is no outline', async () => {
    const page = [
      at(50, 100, 'Monsters', 24),
      at(50, 140, 'A long heading that', 16),
      at(50, 160, 'goes on', 16),
      ...column(50, 190, prose('a', 30)),
      at(50, 400, 'Ankheg', 16),
      ...column(50, 430, prose('b', 30)),
    ];
    const passages = passagesOf((await read(pdf({ pages: [page] }))).blocks);
    expect(passages.map(({ headingPath }) => headingPath)).to.deep.equal([
      'Monsters > A long heading that goes on',
      'Monsters > Ankheg',
    ]);
  });

  it('names the pages without text, and refuses a document of such pages alone', async () => {
    const { notes } = await read(pdf({ pages: [column(50, 100, prose('a', 30)), [], [at(50, 100, 'text')], []] }));
    expect(notes).to.deep.equal(['page 2 has no text: scanned?', 'page 4 has no text: scanned?']);
    expect(await refusalOf(pdf({ pages: [[], []] }))).to.equal('unreadable unreadable no_text');
  });

  it('is refused where it is encrypted, cut off, or none', async () => {
    const pages = [column(50, 100, prose('a', 30))];
    expect(await refusalOf(pdf({ pages, encrypted: true }))).to.equal('unreadable unreadable encrypted');
    expect(await refusalOf('%PDF-1.7\nnothing')).to.equal('unreadable unreadable broken');
    expect(await refusalOf(pdf({ pages }).subarray(0, 60))).to.equal('unreadable unreadable broken');
  });

  it('cites the right pages of 60 pages in two columns', async () => {
    const pages = Array.from({ length: 60 }, (_, i) => [
      at(60, 30, 'Running head'),
      at(50, 100, `Section ${i}`, 14),
      ...column(50, 130, prose(`l${i}x`, 180)),
      ...column(330, 130, prose(`r${i}x`, 180)),
      at(300, 770, `${i + 1}`),
    ]);
    const passages = passagesOf((await read(pdf({ pages }))).blocks);
    expect(passages).to.have.length(60);
    for (const { page, headingPath, text } of passages) {
      const i = page! - 1;
      expect(headingPath).to.equal(`Section ${i}`);
      expect(text.match(/[lr]\d+x\d+/g)).to.deep.equal([...numbered(`l${i}x`, 180), ...numbered(`r${i}x`, 180)]);
    }
    expect(courierWidth(prose('l10x', 180)[0]!, 10)).to.be.below(280);
  });
});
