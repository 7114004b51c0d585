/** The record of what was said, put together of what reads and what writes it, each call handed on as it is. */
import type { ConversationReads, Conversations } from './ports.ts';

export type ConversationWrites = Omit<Conversations, keyof ConversationReads>;

export function conversationsOf(reads: ConversationReads, writes: ConversationWrites): Conversations {
  return {
    append: (...given) => writes.append(...given),
    commit: (...given) => writes.commit(...given),
    beginReply: (...given) => writes.beginReply(...given),
    endReply: (...given) => writes.endReply(...given),
    recount: (...given) => writes.recount(...given),
    snapshot: (...given) => reads.snapshot(...given),
    windowAt: (...given) => reads.windowAt(...given),
    message: (...given) => reads.message(...given),
    messages: (...given) => reads.messages(...given),
    citing: (...given) => reads.citing(...given),
    revision: (...given) => reads.revision(...given),
    events: (...given) => reads.events(...given),
  };
}
