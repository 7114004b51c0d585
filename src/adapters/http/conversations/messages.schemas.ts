/** How messages look to clients. */
import { z } from 'zod';
import type { StoredMessage } from '#application/conversations/ports.ts';
import { MESSAGE_ROLES, type ToolCall } from '#domain/conversations/message.ts';
import { time } from '../declaration/output.ts';

export const toolCallSchema = z
  .strictObject({ id: z.string().optional(), name: z.string(), arguments: z.string() })
  .meta({ id: 'ToolCall' });

export const messageSchema = z
  .strictObject({
    id: z.string(),
    seq: z.int().min(1),
    role: z.enum(MESSAGE_ROLES),
    author_id: z.string().nullable(),
    name: z.string().optional(),
    content: z.string(),
    tool_calls: z.array(toolCallSchema).optional(),
    tool_call_id: z.string().optional(),
    created_at: time,
    pinned: z.boolean(),
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Message' });

/** What messages and entries share: fields that are left out where there is nothing in them. */
export function saidJson(
  said: Readonly<{ name: string | null; toolCalls: readonly ToolCall[] | null; toolCallId: string | null }>,
) {
  return {
    ...(said.name === null ? {} : { name: said.name }),
    ...(said.toolCalls === null ? {} : { tool_calls: [...said.toolCalls] }),
    ...(said.toolCallId === null ? {} : { tool_call_id: said.toolCallId }),
  };
}

export function toMessageJson(message: StoredMessage): z.input<typeof messageSchema> {
  return {
    id: message.id,
    seq: message.seq,
    role: message.role,
    author_id: message.authorId,
    ...saidJson(message),
    content: message.content,
    created_at: message.createdAt.toISOString(),
    pinned: message.pinned,
    metadata: message.metadata,
  };
}
