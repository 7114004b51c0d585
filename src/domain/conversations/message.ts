/** One entry of a transcript: immutable, numbered by `seq` within its thread, never lost. */
import type { MessageId, ThreadId, UserId } from '#domain/shared/ids.ts';

export const MESSAGE_ROLES = ['system', 'user', 'assistant', 'tool'] as const;
export type MessageRole = (typeof MESSAGE_ROLES)[number];

/** A call that an assistant makes; `arguments` is JSON text, exactly as the model wrote it. */
export type ToolCall = Readonly<{ id?: string | undefined; name: string; arguments: string }>;

export type MessageDraft = Readonly<{
  id: MessageId;
  threadId: ThreadId;
  role: MessageRole;
  authorId: UserId | null;
  name: string | null;
  content: string;
  toolCalls: readonly ToolCall[] | null;
  toolCallId: string | null;
  createdAt: Date;
  metadata: Readonly<Record<string, unknown>>;
  /** What the message takes of the window, in the unit of the estimator that counted it. */
  size: number;
}>;

export type Message = MessageDraft & Readonly<{ seq: number }>;
