/** How far compactions go, and what they leave for users to see. */
import { expect } from 'chai';
import { compact } from '#domain/conversations/compaction/chain.ts';
import {
  goalForAppend,
  goalForManual,
  isMet,
  isWorthKeeping,
} from '#domain/conversations/compaction/compaction-plan.ts';
import { leastSizeOf } from '#domain/conversations/compaction/protection.ts';
import { diffOf } from '#domain/conversations/diff.ts';
import { charsDiv4, usagePct } from '#domain/conversations/usage.ts';
import { defaultPolicy, policyOf, said } from '../../../support/builders/appending.ts';
import { freeing, windowFrom } from '../../../support/builders/windows.ts';

const talk = (count: number) =>
  windowFrom(
    Array.from({ length: count }, (_, i) => said(`Room ${i} holds ${i * 7} goblins and one sleepy owl named Bertram.`)),
  );

describe('The goal of a compaction', () => {
  it('is the largest size that rounds to the target usage, and a proportionally lower limit on entries', () => {
    const goal = goalForAppend(defaultPolicy, charsDiv4);
    expect(usagePct(goal.maxSize, defaultPolicy, charsDiv4)).to.equal(60);
    expect(usagePct(goal.maxSize + 1, defaultPolicy, charsDiv4)).to.equal(61);
    expect(goal.maxEntries).to.equal(1_500);
    expect(isMet(goal, { ...talk(1), size: goal.maxSize })).to.equal(true);
    expect(isMet(goal, { ...talk(1), size: goal.maxSize + 1 })).to.equal(false);
  });

  it('is three quarters of the current size for a manual compaction below the target', () => {
    const window = talk(600);
    expect(usagePct(window.size, defaultPolicy, charsDiv4)).to.equal(57);
    expect(goalForManual(window, defaultPolicy, charsDiv4).maxSize).to.equal(Math.floor(window.size * 0.75));
  });

  it('leaves a quarter of the unprotected size for a manual compaction whose protected parts alone exceed the goal', () => {
    const window = windowFrom([said('x'.repeat(19_000)), said('y'.repeat(4_000)), said('A short word.')], [1]);
    const policy = policyOf({ keepTail: 1 });
    const least = leastSizeOf(window, policy, charsDiv4, false);
    expect(least).to.be.within(19_013, 20_000);
    expect(goalForManual(window, policy, charsDiv4).maxSize).to.equal(least + Math.floor((window.size - least) / 4));
  });

  it('makes a compaction worth keeping from 2 % of the budget freed', () => {
    const before = talk(1);
    const shrunk = (freed: number) => ({ ...before, size: 40_000 - freed });
    expect(isWorthKeeping({ ...before, size: 40_000 }, shrunk(1_280), defaultPolicy, charsDiv4)).to.equal(true);
    expect(isWorthKeeping({ ...before, size: 40_000 }, shrunk(1_270), defaultPolicy, charsDiv4)).to.equal(false);
  });

  it('US-REDIS-005: brings a window of 16 000 tokens from 83 % usage down to between 58 % and 60 %', () => {
    const window = talk(880);
    expect(usagePct(window.size, defaultPolicy, charsDiv4)).to.equal(83);
    const job = { window, policy: defaultPolicy, goal: goalForAppend(defaultPolicy, charsDiv4), appending: true };
    const after = compact(job, charsDiv4, () => 0).window;
    // Least loss: at the target, not far below it.
    expect(usagePct(after.size, defaultPolicy, charsDiv4)).to.be.within(58, 60);
  });
});

describe('The difference between two windows', () => {
  it('lists the folded and condensed messages, and how many entries stayed', () => {
    const tale = `${'The bridge of Olm is old. Sir Tamsin pays 12 gold to the troll. '.repeat(2)}We decide to wait for the moon to rise.`;
    const lines = [
      said('Saved the game at noon', { role: 'system' }),
      said('Saved the game at noon', { role: 'system' }),
      said(tale),
      said('A short word.'),
    ];
    const before = windowFrom(lines);
    const after = freeing(before, 60, ['dedupe', 'summarize']).window;
    const diff = diffOf(before, after);
    expect(diff.kept).to.equal(1);
    expect(diff.folded.map(({ seqs }) => seqs)).to.deep.equal([[1, 2]]);
    expect(diff.condensed).to.have.lengthOf(1);
    expect(diff.condensed[0]).to.include({ seq: 3, before: tale });
    expect(diff.stubbed).to.deep.equal([]);
    expect(diff.added).to.deep.equal([]);
  });

  it('counts an entry as kept only with its speaker and its words', () => {
    const { entries, ...rest } = windowFrom([said('We wait.', { name: 'ANA' }), said('It opens.')]);
    for (const changed of [{ name: 'BO' }, { content: 'We run.' }, { role: 'assistant' as const }])
      expect(
        diffOf({ ...rest, entries }, { ...rest, entries: [{ ...entries[0]!, ...changed }, entries[1]!] }).kept,
      ).to.equal(1);
  });

  it('lists the messages that a new summary replaces, and those that an undo restores as added', () => {
    const before = talk(40);
    const after = freeing(before, 500, ['window'], policyOf({})).window;
    const { folded } = diffOf(before, after);
    expect(folded).to.have.lengthOf(1);
    expect(folded[0]!.seqs[0]).to.equal(1);
    expect(diffOf(after, before).added).to.have.lengthOf(folded[0]!.seqs.length);
    expect(diffOf(before, before)).to.deep.equal({ kept: 40, folded: [], condensed: [], stubbed: [], added: [] });
  });
});
