/** Conversations: start them, find them, append to them, and read what was said. */
import { z } from 'zod';
import type { ReadUsage } from '#application/conversations/context/read-usage.ts';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import { threadUsage } from '#application/conversations/context-settings.ts';
import type { AppendMessage } from '#application/conversations/messages/append-message.ts';
import type { ListMessages } from '#application/conversations/messages/list-messages.ts';
import type { ReadMessage } from '#application/conversations/messages/read-message.ts';
import type { ListThreads } from '#application/conversations/threads/list-threads.ts';
import type { StartThread } from '#application/conversations/threads/start-thread.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { MESSAGE_ROLES } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { bodyId, cursor, decodeCursor, digits, encodeCursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import {
  eventSchema,
  messageSchema,
  threadSchema,
  toEventJson,
  toMessageJson,
  toolCallSchema,
  toThreadJson,
  toUsageJson,
  usageSchema,
} from './schemas.ts';

export type ConversationUseCases = Readonly<{
  startThread: StartThread;
  listThreads: ListThreads;
  appendMessage: AppendMessage;
  listMessages: ListMessages;
  readMessage: ReadMessage;
  readUsage: ReadUsage;
}>;

export type ConversationLimits = Readonly<{ messageMaxChars: number; settings: ContextSettings }>;

const METADATA_MAX_BYTES = 8 * 1024;
const TOOL_CALLS_MAX = 128;
const MAX_SEQ = Number.MAX_SAFE_INTEGER;

const tag = 'Conversations';
const access = 'chat.use';
const thread = pathId('thread', conversationErrors.threadNotFound);
const seq = {
  schema: digits(MAX_SEQ),
  missing: conversationErrors.messageNotFound,
  description: 'Number of the message.',
};

export function conversationRoutes(useCases: ConversationUseCases, limits: ConversationLimits): Route[] {
  return [
    listThreads(useCases),
    startThread(useCases, limits),
    appendMessage(useCases, limits),
    listMessages(useCases),
    readMessage(useCases),
  ];
}

const threadCursor = timeCursor(thread.schema);

function listThreads({ listThreads }: ConversationUseCases): Route {
  return route({
    method: 'get',
    path: '/chat',
    tag,
    summary: 'My conversations and those of my games, latest first.',
    access,
    query: z.strictObject({ limit, cursor, query: text(1, 200).optional().describe('Part of a title.') }),
    returns: { 200: pageOf(threadSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query }) {
      const page = await listThreads.execute(actor, {
        ...threadCursor.decode(query),
        ...(query.query === undefined ? {} : { query: query.query }),
      });
      return {
        status: 200,
        body: { items: page.items.map(toThreadJson), next_cursor: threadCursor.encode(page.next) },
      };
    },
  });
}

function startThread({ startThread }: ConversationUseCases, { settings }: ConversationLimits): Route {
  const reply = (started: Thread) => ({
    status: 201,
    body: { ...toThreadJson(started), usage: toUsageJson(threadUsage(started, settings)) },
  });
  return route({
    method: 'post',
    path: '/chat',
    tag,
    summary: 'Start a conversation. Without a title it is named after its first user message.',
    access,
    body: jsonBody(
      z.strictObject({
        title: text(1, 200).optional(),
        game_id: bodyId('game').optional().describe('A game that I am in: its members take part.'),
        system_prompt: text(1, 200_000).optional(),
      }),
      { optional: true },
    ),
    idempotent: true,
    returns: { 201: threadSchema.extend({ usage: usageSchema }).meta({ id: 'StartedThread' }) },
    errors: [conversationErrors.pinsOverBudget, gameErrors.gameNotFound],
    async handle({ actor, body, storeResponse }) {
      const input = {
        title: body.title ?? null,
        gameId: body.game_id ?? null,
        systemPrompt: body.system_prompt ?? null,
      };
      return reply(await startThread.execute(actor, input, storeResponse(reply)));
    },
  });
}

/** `content` may be empty only beside tool calls. */
function messageBody(maxChars: number) {
  return z
    .strictObject({
      role: z.enum(MESSAGE_ROLES).default('user'),
      content: text(0, maxChars),
      tool_calls: z.array(toolCallSchema).min(1).max(TOOL_CALLS_MAX).optional(),
      tool_call_id: text(1, 200).optional(),
      name: text(1, 100).optional(),
      pinned: z.boolean().default(false),
      metadata: z
        .record(z.string(), z.unknown())
        .refine(
          (value) => Buffer.byteLength(JSON.stringify(value)) <= METADATA_MAX_BYTES,
          'must be at most 8 KiB as JSON',
        )
        .default({}),
    })
    .refine(({ content, tool_calls }) => content !== '' || tool_calls !== undefined, {
      path: ['content'],
      message: 'must not be empty, unless there are tool_calls',
    })
    .refine(({ role, tool_calls }) => tool_calls === undefined || role === 'assistant', {
      path: ['tool_calls'],
      message: 'only an assistant message has them',
    });
}

function appendMessage(
  { appendMessage, readMessage, readUsage }: ConversationUseCases,
  { messageMaxChars }: ConversationLimits,
): Route {
  return route({
    method: 'post',
    path: '/chat/{thread}',
    tag,
    summary: 'Append a message. Compacts first where the message would reach the trigger.',
    access,
    params: { thread },
    body: jsonBody(messageBody(messageMaxChars)),
    idempotent: true,
    returns: {
      201: z.strictObject({ message: messageSchema, usage: usageSchema, compaction: eventSchema.optional() }),
    },
    errors: [
      conversationErrors.threadNotYours,
      conversationErrors.archived,
      conversationErrors.contextBudgetUnreachable,
      conversationErrors.pinsOverBudget,
      conversationErrors.appendContended,
    ],
    async handle({ actor, params, body, storeResponse }) {
      const input = {
        threadId: params.thread,
        role: body.role,
        name: body.name ?? null,
        content: body.content,
        toolCalls: body.tool_calls ?? null,
        toolCallId: body.tool_call_id ?? null,
        pinned: body.pinned,
        metadata: body.metadata,
      };
      // The seq alone is kept: the message stands in the transcript, and usage is answered as it is.
      const appended = await appendMessage.execute(
        actor,
        input,
        storeResponse((seq: number) => ({ seq })),
      );
      const { message, usage, compaction } = appended;
      return {
        status: 201,
        body: {
          message: toMessageJson(message),
          usage: toUsageJson(usage),
          ...(compaction === null ? {} : { compaction: toEventJson(compaction) }),
        },
      };
    },
    async again({ actor, params }, { seq }) {
      const message = await readMessage.execute(actor, params.thread, Number(seq));
      const usage = await readUsage.execute(actor, params.thread);
      return { status: 201, body: { message: toMessageJson(message), usage: toUsageJson(usage) } };
    },
  });
}

/** `before` and `after` name a seq; a cursor is one of the two. */
const messageRange = z.union([z.strictObject({ before: z.int().min(0) }), z.strictObject({ after: z.int().min(0) })]);

function listMessages({ listMessages }: ConversationUseCases): Route {
  return route({
    method: 'get',
    path: '/chat/{thread}/messages',
    tag,
    summary: 'The transcript: the newest page, or the one before or after a seq; each page in `seq` order.',
    access,
    params: { thread },
    query: z
      .strictObject({ limit, cursor, before: digits(MAX_SEQ).optional(), after: digits(MAX_SEQ).optional() })
      .refine(({ before, after, cursor }) => [before, after, cursor].filter((one) => one !== undefined).length <= 1, {
        path: ['before'],
        message: 'give at most one of before, after and cursor',
      }),
    returns: { 200: pageOf(messageSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, params, query }) {
      const { before, after } = query;
      const asked = after === undefined ? (before === undefined ? {} : { before }) : { after };
      const range = decodeCursor(query.cursor, messageRange) ?? asked;
      const { items, next } = await listMessages.execute(actor, params.thread, range, query.limit);
      return { status: 200, body: { items: items.map(toMessageJson), next_cursor: next && encodeCursor(next) } };
    },
  });
}

function readMessage({ readMessage }: ConversationUseCases): Route {
  return route({
    method: 'get',
    path: '/chat/{thread}/messages/{seq}',
    tag,
    summary: 'One message, whole.',
    access,
    params: { thread, seq },
    returns: { 200: messageSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toMessageJson(await readMessage.execute(actor, params.thread, params.seq)) };
    },
  });
}
