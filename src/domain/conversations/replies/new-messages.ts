/**
 * What a client says that keeps a history of its own: which of its messages a transcript does not have yet. A
 * transcript is never rewritten, so whatever the client changed in its history is said anew.
 */
import type { MessageRole, ToolCall } from '../message.ts';
import { countedText } from '../window.ts';

export type Said = Readonly<{ role: MessageRole; content: string; toolCalls: readonly ToolCall[] | null }>;

/** How far back both are compared: further back than anybody says the same things in the same order by chance. */
export const COMPARED_MESSAGES = 200;

/** A stretch that both have: its length, and how many messages the client has up to its end. */
type Stretch = Readonly<{ length: number; end: number }>;

/**
 * The messages of `sent` after the last that is known. `tail` is the end of the transcript. Known is what the client
 * has up to the place where the transcript ends, or up to the end of the longest stretch that both have, whichever is
 * later. Where all of it is known and the transcript goes on after it, the client asks for another answer: the last
 * message is said again.
 */
export function newMessages<Message extends Said>(sent: readonly Message[], tail: readonly Said[]): readonly Message[] {
  const before = Math.max(0, sent.length - COMPARED_MESSAGES);
  const { longest, atTail } = sharedStretches(sent.slice(before).map(textOf), tail.map(textOf));
  const known = Math.max(longest.end, atTail.end);
  if (known === 0) return sent;
  const added = sent.slice(before + known);
  return added.length === 0 && atTail.end < known ? sent.slice(-1) : added;
}

/**
 * Whether the transcript ends with all that is sent but one more message, as most clients ask. That one is what
 * `newMessages` gives then, however long the transcript: its last messages, as many as are sent, tell enough.
 */
export function isNextMessage(sent: readonly Said[], tail: readonly Said[]): boolean {
  const texts = sent.map(textOf);
  const [last, ...earlier] = texts.reverse();
  if (earlier.length === 0 || last === earlier[0]) return false;
  return earlier.every((text, back) => {
    const said = tail.at(-1 - back);
    return said !== undefined && text === textOf(said);
  });
}

/** Clients trim what they are answered, and have line breaks of their own. */
function textOf(said: Said): string {
  return `${said.role} ${countedText(said).replaceAll('\r\n', '\n').trim()}`;
}

function sharedStretches(sent: readonly string[], tail: readonly string[]): Record<'longest' | 'atTail', Stretch> {
  let [longest, atTail]: [Stretch, Stretch] = [
    { length: 0, end: 0 },
    { length: 0, end: 0 },
  ];
  let lengths: readonly number[] = [];
  for (const [index, text] of sent.entries()) {
    const former = lengths;
    lengths = tail.map((other, at) => (text === other ? (former[at - 1] ?? 0) + 1 : 0));
    longest = longer(longest, { length: Math.max(0, ...lengths), end: index + 1 });
    atTail = longer(atTail, { length: lengths.at(-1) ?? 0, end: index + 1 });
  }
  return { longest, atTail };
}

/** Of two that are as long, the later one. */
function longer(one: Stretch, other: Stretch): Stretch {
  return other.length > 0 && other.length >= one.length ? other : one;
}
