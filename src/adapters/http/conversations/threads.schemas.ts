/** How threads look to clients. */
import { z } from 'zod';
import { type ContextSettings, threadUsage } from '#application/conversations/context-settings.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { time } from '../declaration/output.ts';
import { toUsageJson, usageSchema } from './context.schemas.ts';

export const TITLE_MAX_CHARS = 200;
export const PROMPT_MAX_CHARS = 200_000;

const count = z.int().min(0);

export const threadSchema = z
  .strictObject({
    id: z.string(),
    title: z.string().nullable(),
    owner_id: z.string(),
    workspace_id: z.string(),
    game_id: z.string().nullable(),
    system_prompt: z.string().nullable(),
    created_at: time,
    last_message_at: time.nullable(),
    message_count: count,
    archived: z.boolean(),
    revision: count,
  })
  .meta({ id: 'Thread' });

/** A thread that has just been made. */
export const startedThreadSchema = threadSchema.extend({ usage: usageSchema }).meta({ id: 'StartedThread' });

export function toStartedThreadJson(thread: Thread, settings: ContextSettings): z.input<typeof startedThreadSchema> {
  return { ...toThreadJson(thread), usage: toUsageJson(threadUsage(thread, settings)) };
}

export function toThreadJson(thread: Thread): z.input<typeof threadSchema> {
  return {
    id: thread.id,
    title: thread.title,
    owner_id: thread.ownerId,
    workspace_id: thread.workspaceId,
    game_id: thread.gameId,
    system_prompt: thread.systemPrompt,
    created_at: thread.createdAt.toISOString(),
    last_message_at: thread.lastMessageAt?.toISOString() ?? null,
    message_count: thread.lastSeq,
    archived: thread.archived,
    revision: thread.revision,
  };
}
