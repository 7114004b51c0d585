/** What the operator is told of replies, as a port. */
import type { ReplyId, ThreadId, UserId } from '#domain/shared/ids.ts';
import type { TokenUsage } from '../language-model.ts';

export type EndedReply = Readonly<{
  threadId: ThreadId;
  replyId: ReplyId;
  askedBy: UserId;
  /** `completed`, or why it failed. */
  outcome: string;
  ms: number;
  /** Tokens of the window that the model was sent, and of the window with the answer; null where there is none. */
  beforeTokens: number | null;
  afterTokens: number | null;
  /** As the model counts; null where it does not tell. */
  usage: TokenUsage | null;
  /** A fault of ours; undefined for every other end. */
  error?: unknown;
}>;

export interface ReplyLog {
  ended(reply: EndedReply): void;
}
