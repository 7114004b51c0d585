/** What an import takes: the lines of an export, without what only its own installation knows. */
import { z } from 'zod';
import type { ImportedHead, ImportedLine, ImportedMessage } from '#domain/conversations/imported.ts';
import type { BodyLine } from '../declaration/body.ts';
import { text } from '../declaration/input.ts';
import { time } from '../declaration/output.ts';
import { EXPORT_VERSION } from './export-formats.ts';
import { messageFields, messageRules } from './message-fields.ts';
import { PROMPT_MAX_CHARS, TITLE_MAX_CHARS } from './threads.schemas.ts';

const count = z.int().min(0);

/** What another thread was to its installation. */
const unread = {
  id: z.string().optional().describe('Not read: the new thread, and each message, has an id of its own.'),
  owner_id: z.string().optional().describe('Not read: the thread is of whoever imports it.'),
  workspace_id: z.string().optional().describe('Not read: the query says so.'),
  game_id: z.string().nullable().optional().describe('Not read: the query says so.'),
  last_message_at: time.nullable().optional().describe('Not read: the last message says so.'),
  revision: count.optional().describe('Not read: the window is made anew.'),
};

const headSchema = z.strictObject({
  type: z.literal('thread'),
  format: z.literal(EXPORT_VERSION, `this server reads format ${EXPORT_VERSION}`).default(EXPORT_VERSION),
  ...unread,
  title: text(1, TITLE_MAX_CHARS).nullable().default(null),
  system_prompt: text(1, PROMPT_MAX_CHARS).nullable().default(null),
  archived: z.boolean().default(false),
  created_at: time.optional(),
  message_count: count.optional().describe('Where it is given, the file must have as many.'),
});

function importedMessageSchema(maxChars: number) {
  const { metadata, ...fields } = messageFields(maxChars);
  const message = {
    type: z.literal('message'),
    id: unread.id,
    seq: z.int().min(1).describe('1, 2, … without gaps.'),
    author_id: z.string().nullable().optional().describe('Kept where it is my own; nobody else can be named.'),
    ...fields,
    created_at: time.optional(),
    pinned: z.boolean().default(false),
    metadata: metadata.default({}),
  };
  return messageRules(z.strictObject(message), maxChars);
}

/** One line: the first is the thread, each further one a message. */
export function importLineSchema(maxChars: number) {
  return z.discriminatedUnion('type', [headSchema, importedMessageSchema(maxChars)]).meta({ id: 'ImportLine' });
}

type LineJson = z.output<ReturnType<typeof importLineSchema>>;

export async function* importedLines(lines: AsyncIterable<BodyLine<LineJson>>): AsyncGenerator<ImportedLine> {
  for await (const { value, ...line } of lines)
    yield { ...line, value: value.type === 'thread' ? importedHead(value) : importedMessage(value) };
}

function importedHead(head: Extract<LineJson, { type: 'thread' }>): ImportedHead {
  return {
    kind: 'thread',
    title: head.title,
    systemPrompt: head.system_prompt,
    archived: head.archived,
    createdAt: timeOf(head.created_at),
    messageCount: head.message_count ?? null,
  };
}

function importedMessage(message: Extract<LineJson, { type: 'message' }>): ImportedMessage {
  return {
    kind: 'message',
    seq: message.seq,
    role: message.role,
    authorId: message.author_id ?? null,
    name: message.name ?? null,
    content: message.content,
    toolCalls: message.tool_calls ?? null,
    toolCallId: message.tool_call_id ?? null,
    createdAt: timeOf(message.created_at),
    pinned: message.pinned,
    metadata: message.metadata,
  };
}

function timeOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}
