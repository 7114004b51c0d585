/** A message: one immutable entry of a transcript, numbered within its thread by `seq`. */
import type { MessageId, ThreadId, UserId } from '#domain/shared/ids.ts';

export const MESSAGE_ROLES = ['system', 'user', 'assistant', 'tool'] as const;
export type MessageRole = (typeof MESSAGE_ROLES)[number];

/** A tool call of an assistant message. `arguments` is JSON text exactly as the model wrote it, valid or not. */
export type ToolCall = Readonly<{ id?: string | undefined; name: string; arguments: string }>;

/** A message before its append, which assigns `seq`. */
export type MessageDraft = Readonly<{
  id: MessageId;
  threadId: ThreadId;
  role: MessageRole;
  /** The user who sent the message; null once that user is deleted. */
  authorId: UserId | null;
  /** The speaker's name, such as that of a character; null for none. */
  name: string | null;
  content: string;
  toolCalls: readonly ToolCall[] | null;
  /** In a `tool` message, the id of the call that it answers. */
  toolCallId: string | null;
  createdAt: Date;
  /** Data of the client's own, stored and returned unchanged. */
  metadata: Readonly<Record<string, unknown>>;
  /** The message's size in a window, in the unit of the estimator that counted it. */
  size: number;
}>;

export type Message = MessageDraft & Readonly<{ seq: number }>;
