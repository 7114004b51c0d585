/** What the strategies do together: in which order, how far, and what is told of it. */
import { expect } from 'chai';
import { compact } from '#domain/conversations/compaction/chain.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { seqsOf } from '#domain/conversations/window.ts';
import { policyOf, said } from '../../../support/builders/appending.ts';
import { freeing, outline, story, windowFrom } from '../../../support/builders/windows.ts';

describe('The strategy chain', () => {
  it('lists the strategies in the order of their first use, with figures that add up', () => {
    const lines = Array.from({ length: 200 }, (_, i) => said(`Room ${i}. ${story}`));
    const window = windowFrom(lines);
    const goal = { maxSize: 9_000, maxEntries: 2_000 };
    const { window: after, steps } = compact(
      { window, policy: policyOf({}), goal, appending: true },
      charsDiv4,
      () => 0,
    );
    expect(steps.map((step) => step.name)).to.deep.equal(['summarize', 'window']);
    const freed = steps.reduce((sum, step) => sum + step.tokensFreed, 0);
    expect(freed).to.equal(charsDiv4.tokens(window.size) - charsDiv4.tokens(after.size));
    const removed = steps.reduce((sum, step) => sum + step.entriesRemoved, 0);
    expect(removed).to.equal(window.entries.length - after.entries.length);
    expect(after.size).to.be.at.most(goal.maxSize);
  });

  it('returns a window unchanged if it already meets its goal', () => {
    const window = windowFrom([said('Hello.')]);
    const goal = { maxSize: 100, maxEntries: 10 };
    const compacted = compact({ window, policy: policyOf({}), goal, appending: false }, charsDiv4, () => 0);
    expect(compacted).to.deep.equal({ window, steps: [], summariesAdded: 0 });
  });

  it('passes over a notice that waits for its artefact and that another strategy folds meanwhile', () => {
    const notices = [1, 2, 3].map(() => said('QUJD'.repeat(500), { role: 'system' }));
    const window = windowFrom([...notices, ...[1, 2, 3, 4, 5].map((i) => said(`Room ${i}. ${story}`))]);
    const policy = policyOf({ strategies: ['window', 'dedupe', 'drop'], keepTail: 0, windowTurns: 1 });
    const goal = { maxSize: 1_500, maxEntries: 100 };
    const compacted = compact({ window, policy, goal, appending: false }, charsDiv4, () => 0);
    expect(compacted.steps.map(({ name }) => name)).to.deep.equal(['window', 'dedupe']);
    expect(compacted.window.entries.flatMap(seqsOf)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(compacted.window.size).to.be.at.most(goal.maxSize);
  });

  it('shortens an open group in place, without changing the ids of its calls and results', () => {
    const calls = [0, 1, 2].map((i) => ({
      id: `c${i}`,
      name: 'read',
      arguments: JSON.stringify({ text: 'x'.repeat(2_000) }),
    }));
    const results = [0, 1, 2].map((i) => said(`result ${i} `.repeat(400), { role: 'tool', toolCallId: `c${i}` }));
    const window = windowFrom([said('', { role: 'assistant', toolCalls: calls }), ...results]);
    const policy = policyOf({ maxTokens: 3_000 });
    const goal = { maxSize: 8_000, maxEntries: 100 };
    const { entries } = compact({ window, policy, goal, appending: true }, charsDiv4, () => 0).window;
    expect(outline(entries)).to.deep.equal(['stubbed 1', 'stubbed 2', 'message 3', 'message 4']);
    expect(entries.slice(1).map((entry) => entry.toolCallId)).to.deep.equal(['c0', 'c1', 'c2']);
    expect(entries[0]?.toolCalls?.map((call) => call.id)).to.deep.equal(['c0', 'c1', 'c2']);
  });

  it('shortens an open group no further than it must: the oldest texts to a line, then the oldest to a link', () => {
    const call = said('', { role: 'assistant', toolCalls: [{ id: 'a', name: 'look', arguments: '{}' }] });
    const results = [2, 3, 4].map((seq) => said(`${seq} goblins wait. `.repeat(25), { role: 'tool', toolCallId: 'a' }));
    const window = windowFrom([call, ...results]);
    const lengths = (characters: number) =>
      freeing(window, characters, ['drop']).window.entries.map(({ content }) => content.length);
    const [line, link] = [102, 10];
    expect(lengths(200)).to.deep.equal([0, line, 400, 400]);
    expect(lengths(2 * (400 - line))).to.deep.equal([0, line, line, 400]);
    expect(lengths(3 * (400 - line) + 1)).to.deep.equal([0, link, line, line]);
    expect(outline(freeing(window, 200, ['drop']).window.entries)[1]).to.equal('stubbed 2');
  });
});
