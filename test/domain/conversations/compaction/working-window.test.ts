/** The state of a compaction: what replaces an entry, what its size is then, and which goal can be reached. */
import { expect } from 'chai';
import {
  fromWindow,
  isAtGoal,
  shorten,
  takeOut,
  toWindow,
} from '#domain/conversations/compaction/window/working-window.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { policyOf, said } from '../../../support/builders/appending.ts';
import { windowFrom } from '../../../support/builders/windows.ts';

const window = windowFrom([said('The gate is shut.'), said('We wait.'), said('It opens.')], [2]);
const begun = (maxSize: number, maxEntries: number) =>
  fromWindow(window, policyOf({ keepTail: 0 }), charsDiv4, {
    goal: { maxSize, maxEntries },
    appending: false,
    strategies: ['window'],
  });

describe('The window in work', () => {
  it('takes a form of an entry only if it is smaller', () => {
    const work = begun(0, 10);
    const form = { ...window.entries[0]!, kind: 'condensed' as const };
    expect(shorten(work, 0, { ...form, content: 'The gate is open.' })).to.equal(false);
    expect(toWindow(work, null, null)).to.deep.equal(window);
    expect(shorten(work, 0, { ...form, content: 'The gate is ajar' })).to.equal(true);
    expect(work.entries[0]).to.deep.equal({ ...form, content: 'The gate is ajar', size: 16 });
    expect(work.size).to.equal(window.size - 1);
  });

  it('is at its goal at exactly the size and the number of entries', () => {
    expect(isAtGoal(begun(window.size, 3))).to.equal(true);
    expect(isAtGoal(begun(window.size - 1, 3))).to.equal(false);
    expect(isAtGoal(begun(window.size, 2))).to.equal(false);
  });

  it('has no goal on entries below what is protected and one summary', () => {
    expect(begun(0, 1).goal).to.deep.equal({ maxSize: 0, maxEntries: 2 });
  });

  it('puts what is added before the first message after its own', () => {
    const work = begun(0, 1);
    const [first, last] = [takeOut(work, 0), takeOut(work, 2)];
    expect([work.count, work.size]).to.deep.equal([1, 8]);
    const summary = { ...first, kind: 'summary' as const, toSeq: 3, seqs: [1, 3] };
    expect(toWindow(work, 'p', summary).entries).to.deep.equal([summary, window.entries[1]]);
    expect(toWindow(work, 'p', last).entries).to.deep.equal([window.entries[1], last]);
  });
});
