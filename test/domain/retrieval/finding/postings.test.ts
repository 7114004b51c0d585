/** Postings as bytes: what is written is what is read. */
import { expect } from 'chai';
import fc from 'fast-check';
import { PostingReader, postingsOf } from '#domain/retrieval/finding/postings.ts';
import { indexedPassage } from '#domain/retrieval/finding/terms.ts';

const count = fc.nat({ max: 40_000 });
const passage = fc.record({
  length: fc.nat(),
  counts: fc.dictionary(fc.constantFrom('a', 'b', '龙'), fc.record({ heading: count, body: count })),
});
const passages = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 2 ** 30 }), passage), { selector: ([ordinal]) => ordinal })
  .map((all) => new Map(all.sort(([a], [b]) => a - b)));

describe('Postings', () => {
  it('are read as they were written, in order, with their number', () => {
    const check = (given: typeof passages extends fc.Arbitrary<infer T> ? T : never) => {
      const indexed = new Map(
        [...given].map(([ordinal, { length, counts }]) => [
          ordinal,
          { length, counts: new Map(Object.entries(counts)) },
        ]),
      );
      for (const [term, bytes] of postingsOf(indexed)) {
        const reader = new PostingReader(bytes);
        const read = [];
        while (reader.next()) read.push({ ...reader.posting });
        const expected = [...indexed].flatMap(([ordinal, { length, counts }]) =>
          counts.has(term) ? [{ ordinal, ...counts.get(term)!, length }] : [],
        );
        expect(read).to.deep.equal(expected);
        expect(reader.count).to.equal(expected.length);
      }
    };
    fc.assert(fc.property(passages, check), { numRuns: 200, seed: 5 });
  });

  it('take a few bytes for each passage', () => {
    const text = 'The trap is a pit. The pit is ten feet deep, and the trap has a lid.';
    const indexed = indexedPassage({ headingPath: 'Traps > Pits', text });
    const many = new Map(Array.from({ length: 1_000 }, (_, at) => [at + 1, indexed]));
    expect(postingsOf(many).get('trap')!.length).to.be.lessThan(4_100);
  });
});

describe('What the index has of a passage', () => {
  it('is its stems, by heading and text, without words that say nothing, and the names of its heading', () => {
    const { length, counts } = indexedPassage({
      headingPath: 'Combat > Opportunity Attacks',
      text: "You don't provoke an attack; they’re attacking.",
    });
    expect(Object.fromEntries(counts)).to.deep.equal({
      combat: { heading: 1, body: 0 },
      opportun: { heading: 1, body: 0 },
      attack: { heading: 1, body: 2 },
      provok: { heading: 0, body: 1 },
      '=opportun attack': { heading: 1, body: 0 },
      '=combat opportun attack': { heading: 1, body: 0 },
    });
    expect(length).to.equal(6);
  });

  it('has no name for a heading that is a sentence, or none at all', () => {
    const names = (headingPath: string) =>
      [...indexedPassage({ headingPath, text: 'x' }).counts.keys()].filter((term) => term.startsWith('='));
    expect(names('')).to.deep.equal([]);
    expect(names('A heading that goes on and on and on and on and on and ends')).to.deep.equal([]);
    expect(names('***')).to.deep.equal([]);
  });
});
