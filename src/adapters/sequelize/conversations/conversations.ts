/** The record of what was said: read in the same way on both databases, and written in each one's own. */
import type { ConversationReads, Conversations } from '#application/conversations/ports.ts';

export type ConversationWrites = Omit<Conversations, keyof ConversationReads>;

export function conversationsOf(reads: ConversationReads, writes: ConversationWrites): Conversations {
  return {
    append: (...given) => writes.append(...given),
    commit: (...given) => writes.commit(...given),
    recount: (...given) => writes.recount(...given),
    snapshot: (...given) => reads.snapshot(...given),
    message: (...given) => reads.message(...given),
    messages: (...given) => reads.messages(...given),
    revision: (...given) => reads.revision(...given),
    events: (...given) => reads.events(...given),
  };
}
