/** Passages of any document: nothing lost, nothing doubled, in order, within bounds, in linear time. */
import { expect } from 'chai';
import fc from 'fast-check';
import { type PassageDraft, passagesOf } from '#domain/retrieval/passage.ts';
import { NO_PLACE, type ReadBlock } from '#domain/retrieval/read-block.ts';
import { wordCount } from '#domain/retrieval/word-count.ts';

/** 400, a small paragraph before it and a small rest after it. */
const UPPER_BOUND = 400 + 19 + 19;

type Shape =
  | Readonly<{ kind: 'heading'; level: number; words: number }>
  | Readonly<{ kind: 'paragraph'; words: number; sentence: number }>
  | Readonly<{ kind: 'table'; header: number; rows: number; columns: number }>;

const shapes: fc.Arbitrary<readonly Shape[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('heading'),
      level: fc.integer({ min: 1, max: 12 }),
      words: fc.integer({ min: 1, max: 60 }),
    }),
    fc.record({
      kind: fc.constant('paragraph'),
      words: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 1_500 })),
      sentence: fc.integer({ min: 1, max: 200 }),
    }),
    fc.record({
      kind: fc.constant('table'),
      header: fc.constantFrom(0, 1, 3, 200),
      rows: fc.integer({ min: 1, max: 300 }),
      columns: fc.integer({ min: 1, max: 8 }),
    }),
  ),
  { maxLength: 40 },
) as fc.Arbitrary<readonly Shape[]>;

/** Every word of body (b), header (h) and heading (t) is another one, so that each can be looked for. */
function blocksOf(all: readonly Shape[]): readonly ReadBlock[] {
  let next = 0;
  const words = (count: number, mark: string) => Array.from({ length: count }, () => `${mark}${next++}`);
  return all.map((shape): ReadBlock => {
    if (shape.kind === 'heading')
      return { kind: 'heading', level: shape.level, text: words(shape.words, 't').join(' '), place: NO_PLACE };
    if (shape.kind === 'paragraph') {
      const text = words(shape.words, 'b').map((word, i) => (i % shape.sentence === 0 ? `${word}.` : word));
      return { kind: 'paragraph', text: text.join(' '), place: NO_PLACE };
    }
    const rows = Array.from({ length: shape.rows }, () => words(shape.columns, 'b'));
    return { kind: 'table', header: words(shape.header, 'h'), rows, place: NO_PLACE };
  });
}

const wordsIn = (text: string, mark: string) => text.match(new RegExp(`${mark}\\d+`, 'g')) ?? [];
const textOf = (block: ReadBlock) =>
  block.kind === 'table' ? [block.header, ...block.rows].flat().join(' ') : block.text;
const textsOf = (passages: readonly PassageDraft[]) => passages.map(({ text }) => text).join('\n');
const sizeOf = ({ text }: PassageDraft) => wordCount(text.replaceAll(' | ', ' '));

describe('Passages of any document', () => {
  const holds = (check: (blocks: readonly ReadBlock[], passages: readonly PassageDraft[]) => void) =>
    fc.assert(
      fc.property(shapes, (all) => {
        const blocks = blocksOf(all);
        check(blocks, passagesOf(blocks));
      }),
    );

  it('hold every word of its paragraphs and rows once, in order', () => {
    holds((blocks, passages) => {
      expect(wordsIn(textsOf(passages), 'b')).to.deep.equal(wordsIn(blocks.map(textOf).join('\n'), 'b'));
    });
  });

  it('hold every word of its headings, in a path or a text, and every header', () => {
    holds((blocks, passages) => {
      const held = new Set(passages.flatMap(({ headingPath, text }) => wordsIn(`${headingPath} ${text}`, '[th]')));
      expect(wordsIn(blocks.map(textOf).join('\n'), '[th]').filter((word) => !held.has(word))).to.deep.equal([]);
    });
  });

  it('have from 20 words to 400 and two small neighbours, unless the document has fewer', () => {
    holds((_, passages) => {
      for (const passage of passages) expect(sizeOf(passage)).to.be.at.most(UPPER_BOUND);
      if (passages.length > 1) for (const passage of passages) expect(sizeOf(passage)).to.be.at.least(20);
    });
  });

  it('are the same every time, and numbered without gaps', () => {
    holds((blocks, passages) => {
      expect(passagesOf(blocks)).to.deep.equal(passages);
      expect(passages.map(({ ordinal }) => ordinal)).to.deep.equal(passages.map((_, index) => index + 1));
    });
  });

  it('have no longer paths than nine titles of 200 characters, and levels of any depth', () => {
    const headings = Array.from({ length: 50 }, (_, i): ReadBlock => {
      return { kind: 'heading', level: i + 1, text: 'title '.repeat(1_000), place: NO_PLACE };
    });
    const passages = passagesOf([...headings, { kind: 'paragraph', text: 'end', place: NO_PLACE }]);
    for (const { headingPath } of passages) expect(headingPath.length).to.be.at.most(9 * 204);
    expect(wordsIn(textsOf(passages), 'title').length).to.equal(0);
    expect(textsOf(passages).match(/title/g)?.length).to.be.at.least(50_000);
  });
});

describe('Passages of a hostile document', function () {
  this.timeout(20_000);
  const paragraph = (text: string): ReadBlock => ({ kind: 'paragraph', text, place: NO_PLACE });

  it('cut one word of 10 MB into bounded pieces, and lose nothing of it', () => {
    const passages = passagesOf([paragraph('x'.repeat(10_000_000))]);
    expect(Math.max(...passages.map(({ text }) => text.length))).to.be.at.most(UPPER_BOUND * 32);
    expect(passages.reduce((sum, { text }) => sum + text.length, 0)).to.equal(10_000_000);
  });

  it('take 100 000 headings, empty, alike, or each deeper than the last', () => {
    for (const level of [() => 1, (i: number) => (i % 6) + 1, (i: number) => i]) {
      const headings = Array.from({ length: 100_000 }, (_, i): ReadBlock => {
        return { kind: 'heading', level: level(i), text: `t${i}`, place: NO_PLACE };
      });
      const passages = passagesOf(headings);
      const held = new Set(passages.flatMap(({ headingPath, text }) => wordsIn(`${headingPath} ${text}`, 't')));
      expect(held.size).to.equal(100_000);
      for (const passage of passages) expect(sizeOf(passage)).to.be.at.most(UPPER_BOUND);
    }
  });

  it('divide a million words without a paragraph or a full stop, and text without spaces', () => {
    for (const text of ['word '.repeat(1_000_000), '深'.repeat(1_000_000)]) {
      const passages = passagesOf([paragraph(text)]);
      for (const passage of passages) expect(sizeOf(passage)).to.be.within(20, UPPER_BOUND);
      expect(textsOf(passages).replace(/\s/g, '').length).to.equal(text.replace(/\s/g, '').length);
    }
  });

  it('take a table of 300 000 rows, most of which are empty', () => {
    const rows = Array.from({ length: 300_000 }, (_, i) => [i < 500 ? `b${i}` : '']);
    const passages = passagesOf([{ kind: 'table', header: ['h1'], rows, place: NO_PLACE }]);
    expect(wordsIn(textsOf(passages), 'b')).to.have.length(500);
  });

  it('do not repeat a long header or title with each part: what comes out is not much more than what goes in', () => {
    const header = Array.from({ length: 10_000 }, (_, i) => `h${i}`);
    const rows = Array.from({ length: 10_000 }, (_, i) => [`b${i}`]);
    const blocks: ReadBlock[] = [
      { kind: 'heading', level: 1, text: 'a '.repeat(100_000), place: NO_PLACE },
      { kind: 'table', header, rows, place: NO_PLACE },
    ];
    const size = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, 0);
    const passages = passagesOf(blocks);
    const out = size(passages.flatMap(({ headingPath, text }) => [headingPath, text]));
    expect(out).to.be.below(3 * size(blocks.map(textOf)));
  });
});
