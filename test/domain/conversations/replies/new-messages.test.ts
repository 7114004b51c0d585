/** What is new in the history of a client, beside a transcript that is never rewritten. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { MessageRole } from '#domain/conversations/message.ts';
import {
  COMPARED_MESSAGES,
  isNextMessage,
  newMessages,
  type Said,
} from '#domain/conversations/replies/new-messages.ts';

const ROLES: Readonly<Record<string, MessageRole>> = { u: 'user', a: 'assistant', t: 'tool' };

/** `u1 a1` is what a user said, and what they were answered. */
function talk(text: string): Said[] {
  const words = text.split(' ').filter((word) => word !== '');
  return words.map((word) => ({ role: ROLES[word[0]!]!, content: word, toolCalls: null }));
}

const added = (sent: string, tail: string) =>
  newMessages(talk(sent), talk(tail))
    .map(({ content }) => content)
    .join(' ');

/** What the client sends, what the transcript ends with, what is appended. */
const CASES: readonly (readonly [title: string, sent: string, tail: string, added: string])[] = [
  ['all of it in a transcript without a message', 'u1 a1 u2', '', 'u1 a1 u2'],
  ['what follows the end of the transcript', 'u1 a1 u2', 'u1 a1', 'u2'],
  ['the same where the client has forgotten what came first', 'u2 a2 u3', 'u1 a1 u2 a2', 'u3'],
  ['the same where only the end of the transcript is compared', 'u1 a1 u2 a2 u3', 'u2 a2', 'u3'],
  ['several messages, of an answer that was cut short too', 'u1 a1 u2', 'u1', 'a1 u2'],
  ['a word that was said before', 'u1 a1 u1', 'u1 a1', 'u1'],
  ['what follows the later of two stretches that are alike', 'u1 a1 u1 a1 u2', 'u1 a1', 'u2'],
  ['nothing where the last message was not answered: it is asked again', 'u1 a1 u2', 'u1 a1 u2', ''],
  ['nothing again where the client knows no more than that message', 'u2', 'u1 a1 u2', ''],
  ['the question once more where another answer is wanted', 'u1 a1 u2', 'u1 a1 u2 a2', 'u2'],
  ['what was changed in the history, after what has stayed', 'u1 a1 u3', 'u1 a1 u2 a2', 'u3'],
  ['what follows another answer that was given', 'u1 a1 u2 a3 u3', 'u1 a1 u2 a2 u2 a3', 'u3'],
  ['what follows a changed message that was answered', 'u1 a1 u4 a4 u5', 'u1 a1 u2 a2 u4 a4', 'u5'],
  ['what is new to a thread in which others went on', 'u1 a1 u2 u3', 'u1 a1 u2 u9 a9', 'u3'],
  ['a single message to a thread of which the client knows nothing', 'u9', 'u1 a1 u2 a2', 'u9'],
  ['a single message that was said long before', 'u1', 'u1 a1 u2 a2', 'u1'],
  ['what was changed, though the answers before it are alike', 'u1 a9 u2 a2 u4', 'u1 a9 u2 a2 u3 a9', 'u4'],
];

describe('newMessages', () => {
  for (const [title, sent, tail, expected] of CASES) {
    it(`is ${title}`, () => {
      expect(added(sent, tail)).to.equal(expected);
    });
  }

  it('tells messages apart by role, content and tool calls, but not by spaces around them or line breaks', () => {
    const answer = { role: 'assistant', content: 'One.\nTwo.', toolCalls: null } as const;
    const next = { role: 'user', content: 'And?', toolCalls: null } as const;
    const addedTo = (known: Said) => newMessages([known, next], [answer]).length;
    expect(addedTo({ ...answer, content: '\n One.\r\nTwo. ' })).to.equal(1);
    for (const other of [
      { ...answer, role: 'user' },
      { ...answer, content: 'One. Two.' },
      { ...answer, toolCalls: [{ name: 'roll', arguments: '{}' }] },
    ] as const)
      expect(addedTo(other), JSON.stringify(other)).to.equal(2);
  });

  it('is what a client adds to the whole transcript, however often the same was said before', () => {
    const word = fc.constantFrom('u1', 'u2', 'a1', 'a2');
    const history = fc.array(word, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(history, history, (said, more) => {
        // Whoever repeats exactly what was said last cannot be told from one who asks again.
        fc.pre(more.every((one) => !said.includes(one)));
        expect(added([...said, ...more].join(' '), said.join(' '))).to.equal(more.join(' '));
      }),
    );
  });

  it('is the next message, whatever else was said, where the last messages say so', () => {
    const word = fc.constantFrom('u1', 'u2', 'a1', 'a2');
    const history = fc.array(word, { minLength: 1, maxLength: 8 });
    const sentWith = (said: readonly string[], length: number, last: string) => [...said.slice(-length), last];
    fc.assert(
      fc.property(history, fc.nat({ max: 8 }), word, (said, length, last) => {
        const sent = talk(sentWith(said, length, last).join(' '));
        const few = talk(said.slice(-sent.length).join(' '));
        fc.pre(isNextMessage(sent, few));
        expect(newMessages(sent, talk(said.join(' ')))).to.deep.equal(sent.slice(-1));
      }),
      { numRuns: 2_000 },
    );
    const next = (sent: string, tail: string) => isNextMessage(talk(sent), talk(tail));
    expect([next('u1 a1 u2', 'u1 a1'), next('a1 u2', 'u1 a1'), next('u1 a1 u2', 'u9 u1 a1')]).not.to.include(false);
    expect([next('u1 a1 u2', 'u1'), next('u1 u1', 'u1'), next('u1', ''), next('u1 a1 u2', 'a1')]).not.to.include(true);
  });

  it('looks no further back than it says', () => {
    const many = Array.from({ length: COMPARED_MESSAGES + 50 }, (_, n) => `${n % 2 === 0 ? 'u' : 'a'}${n}`);
    const tail = many.slice(-COMPARED_MESSAGES);
    expect(added([...many, 'u999'].join(' '), tail.join(' '))).to.equal('u999');
    const longBefore = many.slice(0, 10).join(' ');
    expect(added(many.join(' '), longBefore)).to.equal(many.join(' '));
  });
});
