/** How the last message of a conversation becomes a question that stands alone. */
import { expect } from 'chai';
import { lastTurns, questionFrom, questionPrompt } from '#domain/conversations/replies/question-prompt.ts';
import { type Entry, verbatim } from '#domain/conversations/window.ts';
import { aMessage, newId } from '../../../support/builders/records.ts';

const threadId = newId('thread');
const said = (seq: number, role: 'user' | 'assistant' | 'system' | 'tool', content: string): Entry =>
  verbatim(aMessage(threadId, { role, content }), seq, false);

describe('The last turns of a conversation', () => {
  it('are the last thing that somebody has said, and what came before it', () => {
    const entries = [said(1, 'user', 'A'), said(2, 'system', 'S'), said(3, 'assistant', 'B'), said(4, 'user', 'C')];
    const turns = lastTurns({ entries: [...entries, said(5, 'assistant', 'D')] })!;
    expect(turns.last).to.equal('C');
    expect(turns.earlier).to.deep.equal([entries[0], entries[2]]);
    expect(questionPrompt(turns)[1]!.content).to.equal('user:\n> A\n\nassistant:\n> B\n\nThe last message:\n> C');
  });

  it('are none where nobody has said anything, and without summaries', () => {
    expect(lastTurns({ entries: [said(1, 'assistant', 'B'), said(2, 'user', '')] })).to.equal(undefined);
    const summary: Entry = { ...said(1, 'user', 'A summary'), kind: 'summary' };
    expect(lastTurns({ entries: [summary, said(9, 'user', 'C')] })).to.deep.equal({ last: 'C', earlier: [] });
  });

  it('are few, and no longer than a question may be', () => {
    const entries = Array.from({ length: 20 }, (_, at) => said(at + 1, 'user', 'x'.repeat(9_000)));
    const turns = lastTurns({ entries })!;
    expect([turns.last.length, turns.earlier.length]).to.deep.equal([2_000, 6]);
    expect(questionPrompt(turns)[1]!.content.length).to.be.below(15_000);
  });

  it('are asked by one line of the model', () => {
    expect(questionFrom(' What is it?\n')).to.equal('What is it?');
    for (const none of ['', ' \n', 'Two\nlines', 'x'.repeat(2_001)]) expect(questionFrom(none)).to.equal(undefined);
  });
});
