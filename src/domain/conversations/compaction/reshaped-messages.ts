/** How many messages a compaction gives another form, for the operator. */
import { type Entry, messagesIn, type Window } from '../window.ts';

export const MESSAGE_FORMS = ['folded', 'condensed', 'stubbed', 'summary'] as const satisfies Entry['kind'][];

/** Messages by what they became. */
export type ReshapedMessages = Readonly<Record<(typeof MESSAGE_FORMS)[number], number>>;

type Entries = Pick<Window, 'entries'>;

/** Counts the messages that stand in an entry of a kind after a compaction, and did not before it. */
export function reshapedMessages(before: Entries, after: Entries): ReshapedMessages {
  const known = new Map(before.entries.map((entry) => [keyOf(entry), messagesIn(entry)]));
  const reshaped = { folded: 0, condensed: 0, stubbed: 0, summary: 0 };
  for (const entry of after.entries)
    if (entry.kind !== 'message')
      reshaped[entry.kind] += Math.max(0, messagesIn(entry) - (known.get(keyOf(entry)) ?? 0));
  return reshaped;
}

/** An entry that takes in more keeps its first message. */
function keyOf({ kind, fromSeq }: Entry): string {
  return `${kind} ${fromSeq}`;
}
