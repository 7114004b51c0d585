/** What a summary remembers of how often words were said, and what that does to the next one. */
import { expect } from 'chai';
import { rememberedBy } from '#domain/conversations/compaction/summary/common-words.ts';
import { summaryOf } from '#domain/conversations/compaction/summary/summary.ts';
import { parseSummary } from '#domain/conversations/compaction/summary/summary-text.ts';
import { indexWindow } from '#domain/conversations/compaction/summary/text-index.ts';
import { fromWindow } from '#domain/conversations/compaction/window/working-window.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { type Entry, type Window, windowOf } from '#domain/conversations/window.ts';
import { hashOf } from '#domain/text/word-hash.ts';
import { policyOf, said } from '../../../support/builders/appending.ts';
import { freeing, windowFrom } from '../../../support/builders/windows.ts';

const options = { goal: { maxSize: 0, maxEntries: 1 }, appending: false, strategies: ['window'] } as const;
/** Folds turns until so many characters are freed. */
const fold = (window: Window, characters = 1) => freeing(window, characters, ['window']).window;
const summaryIn = ({ entries }: Window): Entry => entries.find(({ kind }) => kind === 'summary')!;
const countOf = (entry: Entry, word: string) => rememberedBy([entry]).counts.get(hashOf(word));
const talk = (text: (n: number) => string, count: number) =>
  windowFrom(Array.from({ length: count }, (_, n) => said(text(n), { name: 'ANA' })));

describe('Common words', () => {
  it('count the sentences of each message once, however often its summary is taken into another', () => {
    const once = fold(talk((n) => `The dragon took dragon ring${n} home. A ferry left.`, 30));
    const twice = fold(once);
    const [first, second] = [summaryIn(once), summaryIn(twice)];
    expect(second.toSeq).to.be.above(first.toSeq);
    for (const summary of [first, second]) {
      expect(countOf(summary, 'dragon')).to.equal(summary.toSeq);
      expect(countOf(summary, 'ferry')).to.equal(summary.toSeq);
      expect(rememberedBy([summary]).sentences).to.equal(2 * summary.toSeq);
    }
  });

  it('are the 256 commonest, in two thousand characters, and have no part in the size', () => {
    const words = (n: number) => Array.from({ length: 90 }, (_, i) => `word${n * 90 + i}`).join(' ');
    const summary = summaryIn(
      fold(
        talk((n) => `Dragon ${words(n)}.`, 20),
        3_000,
      ),
    );
    expect(rememberedBy([summary]).counts.size).to.equal(256);
    expect(countOf(summary, 'dragon')).to.equal(summary.toSeq);
    expect(summary.commonWords!.length).to.be.at.most(2_060);
    expect(summary.size).to.equal(summary.content.length);
  });

  it('are remembered up to 1,295 sentences', () => {
    const window = talk(() => 'Dragon rides. '.repeat(300).trim(), 6);
    const summary = summaryIn(fold(window, 20_000));
    expect(rememberedBy([summary]).sentences).to.be.above(1_295);
    expect(countOf(summary, 'dragon')).to.equal(1_295);
  });

  it('make less of what was often said before, though it is as rare in the window', () => {
    const facts = ['Nobody painted the old ferry.', 'Somebody bought the grey mare.'];
    const keptAfter = (often: string) => {
      const { content, ...older } = summaryIn(
        fold(
          talk(() => often, 30),
          400,
        ),
      );
      const told = windowFrom(facts.map((text) => said(text, { name: 'ANA' }))).entries;
      const later = told.map((entry, i) => ({ ...entry, fromSeq: 31 + i, toSeq: 31 + i }));
      const entries = [{ ...older, content: '', size: 0, toSeq: 30 }, ...later];
      const index = indexWindow(fromWindow(windowOf(null, 0, entries), policyOf({ keepTail: 0 }), charsDiv4, options));
      return parseSummary(summaryOf(entries, 160, index, charsDiv4).content).passages.map(({ text }) => text);
    };
    expect(keptAfter('They painted the old ferry.')).to.deep.equal([facts[1]]);
    expect(keptAfter('They bought the grey mare.')).to.deep.equal([facts[0]]);
  });

  it('are none in a summary of an older version, which is taken in all the same', () => {
    const { commonWords: _, ...older } = summaryIn(
      fold(
        talk(() => 'The dragon sleeps.', 20),
        100,
      ),
    );
    expect(rememberedBy([older]).sentences).to.equal(0);
    const { entries } = talk(() => 'The dragon sleeps.', 40);
    const rest = entries.filter(({ fromSeq }) => fromSeq > older.toSeq);
    const summary = summaryIn(fold(windowOf(null, 0, [older, ...rest]), 100));
    expect(countOf(summary, 'dragon')).to.equal(summary.toSeq - older.toSeq);
  });
});
