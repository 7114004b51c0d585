/** What is protected, what that takes, and what users are told where it is too much. */
import { expect } from 'chai';
import { goalForAppend } from '#domain/conversations/compaction/compaction-plan.ts';
import { checkPins, checkReachable, floorOf, unreachable } from '#domain/conversations/compaction/protection.ts';
import { protect } from '#domain/conversations/compaction/window/guards.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { type Entry, windowOf } from '#domain/conversations/window.ts';
import { conversationWith, policyOf, said } from '../../../support/builders/appending.ts';
import { windowFrom } from '../../../support/builders/windows.ts';
import { thrownBy } from '../../../support/reporting/refusals.ts';

const policy = policyOf({ maxTokens: 1_000 });
const call = (id: string) => said('', { role: 'assistant', toolCalls: [{ id, name: 'look', arguments: '{}' }] });
const result = (id: string, content: string) => said(content, { role: 'tool', toolCallId: id });

function guardsOf(lines: Parameters<typeof windowFrom>[0], pinned: readonly number[] = [], appending = true) {
  return protect(windowFrom(lines, pinned), policy, appending, charsDiv4).guards;
}

describe('Protection', () => {
  it('covers the message being appended and the newest before it, up to the length of the tail', () => {
    const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((text) => said(text));
    expect(guardsOf(lines)).to.deep.equal([null, null, 'tail', 'tail', 'tail', 'tail', 'message']);
  });

  it('ends the tail before a message that would exceed the tail’s share of the budget', () => {
    const lines = [said('a'), said('b'.repeat(790)), said('c'.repeat(20)), said('d')];
    expect(guardsOf(lines)).to.deep.equal([null, null, 'tail', 'message']);
  });

  it('includes in the tail what takes exactly its share of the budget, and not one unit more', () => {
    expect(guardsOf([said('b'.repeat(803)), said('d')])).to.deep.equal(['tail', 'message']);
    expect(guardsOf([said('b'.repeat(804)), said('d')])).to.deep.equal([null, 'message']);
    expect(guardsOf([said('b'.repeat(800)), said('ccc'), said('d')])).to.deep.equal(['tail', 'tail', 'message']);
    expect(guardsOf([said('b'.repeat(801)), said('ccc'), said('d')])).to.deep.equal([null, 'tail', 'message']);
  });

  it('ends the tail before a summary and before folded notices, of however many messages', () => {
    const { entries, ...window } = windowFrom([said('a'), said('b'), said('c'), said('d')]);
    const guardsWith = (second: Partial<Entry>) => {
      const changed = entries.map((entry, i) => (i === 1 ? { ...entry, ...second } : entry));
      return protect({ ...window, entries: changed }, policy, true, charsDiv4).guards;
    };
    const ended = [null, null, 'tail', 'message'];
    expect(guardsWith({ kind: 'summary' })).to.deep.equal(ended);
    expect(guardsWith({ kind: 'folded', fromSeq: 0, seqs: [0, 2] })).to.deep.equal(ended);
    expect(guardsWith({ kind: 'condensed' })).to.deep.equal(['tail', 'tail', 'tail', 'message']);
  });

  it('includes a group in the tail as a whole or not at all', () => {
    const group = [call('x'), result('x', '1'), result('x', '2'), result('x', '3')];
    expect(guardsOf([said('a'), ...group, said('b'), said('c')])).to.deep.equal([
      null,
      null,
      null,
      null,
      null,
      'tail',
      'message',
    ]);
    expect(guardsOf([said('a'), ...group, said('c')])).to.deep.equal([null, 'tail', 'tail', 'tail', 'tail', 'message']);
  });

  it('includes of an open group the newest members, each of them as one message', () => {
    const group = (count: number) => [call('x'), ...Array.from({ length: count }, (_, n) => result('x', String(n)))];
    const [tail, none] = ['tail', null];
    expect(guardsOf([said('a'), said('b'), ...group(3)])).to.deep.equal([none, tail, tail, tail, tail, 'message']);
    expect(guardsOf([said('a'), ...group(3)], [], false)).to.deep.equal([none, tail, tail, tail, tail]);
    expect(guardsOf([said('a'), ...group(5)])).to.deep.equal([none, none, tail, tail, tail, tail, 'message']);
  });

  it('takes from the tail’s share first what the calls of an open group take at least', () => {
    const toolCalls = [1, 2, 3, 4].map((n) => ({ id: `${n}`.repeat(115), name: 'look', arguments: '{}' }));
    const calls = said('', { role: 'assistant', toolCalls });
    const lines = [said('p'.repeat(1_190)), said('a'), calls, result(toolCalls[0]!.id, 'x'.repeat(700))];
    const window = windowFrom([...lines, result(toolCalls[1]!.id, 'y'.repeat(200))], [1]);
    expect(protect(window, policy, true, charsDiv4).guards).to.deep.equal(['pinned', null, null, null, 'message']);
    expect(() => checkReachable(window, goalForAppend(policy, charsDiv4), policy, charsDiv4)).not.to.throw();
  });

  it('covers the whole group of a pinned message', () => {
    const lines = [call('x'), result('x', '1'), ...['a', 'b', 'c', 'd', 'e'].map((text) => said(text))];
    expect(guardsOf(lines, [2]).slice(0, 2)).to.deep.equal(['pinned', 'pinned']);
  });

  it('covers only the pinned message if later results take its group over the share for pins', () => {
    const lines = [call('x'), result('x', 'short'), result('x', 'y'.repeat(1_500)), said('a')];
    const { guards, anchored } = protect(windowFrom(lines, [2]), policy, true, charsDiv4);
    expect(guards.slice(0, 3)).to.deep.equal([null, 'pinned', null]);
    expect(anchored).to.deep.equal([true, true, true, false]);
  });

  it('covers the group of a pinned message that takes exactly the share for pins together with the prompt', () => {
    const lines = [call('x'), result('x', 'short'), result('x', 'y'.repeat(1_000)), said('a')];
    const { entries, size } = windowFrom(lines, [2]);
    const room = 1_203 - (size - 1);
    const guardsWith = (promptSize: number) =>
      protect(windowOf('p', promptSize, entries), policy, true, charsDiv4).guards.slice(0, 3);
    expect(guardsWith(room)).to.deep.equal(['pinned', 'pinned', 'pinned']);
    expect(guardsWith(room + 1)).to.deep.equal([null, 'pinned', null]);
  });
});

describe('The floor of a window', () => {
  it('consists of the sizes of the prompt, the pins, the tail and the new message', () => {
    const { entries } = windowFrom([said('x'.repeat(900)), said('y'.repeat(300)), said('z'.repeat(70))], [1]);
    const window = windowOf('You keep the table.', 19, entries);
    expect(floorOf(window, policy, charsDiv4, true)).to.deep.equal({ system: 19, pinned: 900, tail: 300, message: 70 });
  });

  it('refuses a message that cannot fit, and lists what would free tokens, most first', () => {
    const conversation = conversationWith(policy, charsDiv4, 'p'.repeat(200));
    conversation.append(said('x'.repeat(600)), true);
    const before = structuredClone(conversation.window);
    const error = thrownBy(() => conversation.append(said('y'.repeat(2_400))));
    expect(error).to.deep.include({ kind: 'too_large', code: 'context_budget_unreachable' });
    expect(error.details).to.deep.include({
      limit: 1_000,
      floor: { system: 50, pinned: 150, tail: 0, message: 600 },
      tried: [],
    });
    expect(error.details.advice).to.deep.equal([
      {
        action: 'split_message',
        tokens: 600,
        text: 'send the new message in two parts (POST /chat/{thread}): 600 tokens',
      },
      {
        action: 'unpin',
        seq: 1,
        tokens: 150,
        text: 'unpin message 1 (DELETE /chat/{thread}/messages/{seq}/pin): 150 tokens',
      },
      {
        action: 'shorten_prompt',
        tokens: 50,
        text: 'shorten the system prompt (PATCH /chat/{thread}): 50 tokens',
      },
    ]);
    expect(conversation.window).to.deep.equal(before);
  });

  it('advises on the five largest pins, largest first, and not on a pinned message that is being sent', () => {
    const lines = [3, 1, 6, 2, 7, 4, 5].map((n) => said('x'.repeat(20 * n)));
    const window = windowFrom([...lines, said('y'.repeat(4_000))], [1, 2, 3, 4, 5, 6, 7, 8]);
    const error = thrownBy(() => checkReachable(window, goalForAppend(policy, charsDiv4), policy, charsDiv4));
    const seqs = (error.details.advice as readonly Readonly<{ seq?: number }>[]).flatMap(({ seq }) => seq ?? []);
    expect(seqs).to.deep.equal([5, 3, 7, 6, 1]);
  });

  it('advises on a system prompt of a token or more', () => {
    const actions = (characters: number) => {
      const { entries } = windowFrom([said('y'.repeat(4_000))]);
      const window = windowOf('p'.repeat(characters), characters, entries);
      const error = thrownBy(() => checkReachable(window, goalForAppend(policy, charsDiv4), policy, charsDiv4));
      return (error.details.advice as readonly Readonly<{ action: string }>[]).map(({ action }) => action);
    };
    expect(actions(3)).to.deep.equal(['split_message']);
    expect(actions(4)).to.deep.equal(['split_message', 'shorten_prompt']);
  });

  it('advises to compact by hand where nothing compacts by itself', () => {
    const window = windowFrom([said('a'), said('y'.repeat(4_000))]);
    const goal = goalForAppend(policy, charsDiv4);
    const adviceOf = (automatic: boolean) => {
      const { advice } = unreachable(window, goal, policyOf({ maxTokens: 1_000, automatic }), charsDiv4, []).details;
      return (advice as readonly Readonly<{ action: string }>[]).map(({ action }) => action);
    };
    expect(adviceOf(false)).to.deep.equal(['split_message', 'compact_now']);
    expect(adviceOf(true)).to.deep.equal(['split_message']);
  });

  it('accepts a message that can just fit, and refuses one that is one unit larger', () => {
    const goal = goalForAppend(policy, charsDiv4);
    const window = windowFrom([said('x'.repeat(2_000)), said('y'.repeat(goal.maxSize - 1))]);
    expect(() => checkReachable(window, goal, policy, charsDiv4)).not.to.throw();
    const larger = windowFrom([said('x'.repeat(2_000)), said('y'.repeat(goal.maxSize))]);
    expect(thrownBy(() => checkReachable(larger, goal, policy, charsDiv4)).code).to.equal('context_budget_unreachable');
  });
});

describe('Pins', () => {
  it('may take at most 30 % of the budget together with the system prompt', () => {
    const { entries } = windowFrom([said('x'.repeat(1_000)), said('y')], [1]);
    expect(() => checkPins(windowOf('p'.repeat(203), 203, entries), 'prompt', policy, charsDiv4)).not.to.throw();
    const error = thrownBy(() => checkPins(windowOf('p'.repeat(204), 204, entries), 'prompt', policy, charsDiv4));
    expect(error).to.deep.include({ kind: 'too_large', code: 'pins_over_budget' });
    expect(error.details).to.deep.include({ used: 301, limit: 300, pins: 1, maxPins: 600 });
  });

  it('are refused with what is pinned and the message that is being sent pinned, which can go without', () => {
    const window = windowFrom([said('x'.repeat(800)), said('y'), said('z'.repeat(600))], [1, 3]);
    expect(thrownBy(() => checkPins(window, 'message', policy, charsDiv4)).details.advice).to.deep.equal([
      {
        action: 'send_unpinned',
        tokens: 150,
        text: 'send the message without `pinned` (POST /chat/{thread}): 150 tokens',
      },
      {
        action: 'unpin',
        seq: 1,
        tokens: 200,
        text: 'unpin message 1 (DELETE /chat/{thread}/messages/{seq}/pin): 200 tokens',
      },
    ]);
  });

  it('are refused with the others where one that was said is to be pinned, and where the prompt grows', () => {
    const { entries } = windowFrom([said('x'.repeat(800)), said('y'.repeat(480))], [1, 2]);
    const window = windowOf('p'.repeat(40), 40, entries);
    const actions = (asked: Parameters<typeof checkPins>[1]) => {
      const { advice } = thrownBy(() => checkPins(window, asked, policy, charsDiv4)).details;
      return (advice as readonly Readonly<{ action: string; seq?: number }>[]).map(({ action, seq }) => [action, seq]);
    };
    const prompt = ['shorten_prompt', undefined];
    expect(actions({ seq: 2 })).to.deep.equal([['unpin', 1], prompt]);
    expect(actions('prompt')).to.deep.equal([['unpin', 1], ['unpin', 2], prompt]);
  });

  it('are none where a system prompt alone is too long for a conversation to start', () => {
    const window = windowOf('p', 1_204, []);
    expect(thrownBy(() => checkPins(window, 'start', policy, charsDiv4)).details.advice).to.deep.equal([
      {
        action: 'shorten_prompt',
        tokens: 301,
        text: 'shorten the system prompt (POST /chat): 301 tokens',
      },
    ]);
  });

  it('may take at most 30 % of the limit on entries, however small they are', () => {
    const small = policyOf({ maxEntries: 10 });
    const lines = ['a', 'b', 'c', 'd', 'e'].map((text) => said(text));
    expect(() => checkPins(windowFrom(lines, [1, 2, 3]), 'message', small, charsDiv4)).not.to.throw();
    expect(thrownBy(() => checkPins(windowFrom(lines, [1, 2, 3, 4]), 'message', small, charsDiv4)).code).to.equal(
      'pins_over_budget',
    );
  });

  it('count with their whole group', () => {
    const lines = [call('x'), result('x', 'y'.repeat(1_300)), said('a')];
    expect(thrownBy(() => checkPins(windowFrom(lines, [1]), { seq: 1 }, policy, charsDiv4)).code).to.equal(
      'pins_over_budget',
    );
  });
});
