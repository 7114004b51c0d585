/** What is said in a conversation: append to it, and read it. */
import { z } from 'zod';
import type { ReadUsage } from '#application/conversations/context/read-usage.ts';
import type { AppendMessage } from '#application/conversations/messages/append-message.ts';
import type { ChangePin } from '#application/conversations/messages/change-pin.ts';
import type { AppendedMessage } from '#application/conversations/messages/compacting-append.ts';
import type { ListMessages } from '#application/conversations/messages/list-messages.ts';
import type { ReadMessage } from '#application/conversations/messages/read-message.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, decodeCursor, digits, encodeCursor, limit, pathId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { eventSchema, toEventJson, toUsageJson, usageSchema } from './context.schemas.ts';
import { messageFields, messageRules } from './message-fields.ts';
import { messageSchema, toMessageJson } from './messages.schemas.ts';

export type MessageUseCases = Readonly<{
  appendMessage: AppendMessage;
  listMessages: ListMessages;
  readMessage: ReadMessage;
  readUsage: ReadUsage;
  changePin: ChangePin;
}>;

export type MessageLimits = Readonly<{ messageMaxChars: number }>;

const MAX_SEQ = Number.MAX_SAFE_INTEGER;

const tag = 'Conversations';
const access = 'chat.use';
const thread = pathId('thread', conversationErrors.threadNotFound);
const seq = {
  schema: digits(MAX_SEQ),
  missing: conversationErrors.messageNotFound,
  description: 'Number of the message.',
};

export function messageRoutes(useCases: MessageUseCases, limits: MessageLimits): Route[] {
  return [
    appendRoute(useCases, limits),
    listMessages(useCases),
    readMessage(useCases),
    changePin(useCases, 'put'),
    changePin(useCases, 'delete'),
  ];
}

function messageBody(maxChars: number) {
  const { role, metadata, ...fields } = messageFields(maxChars);
  const body = {
    ...fields,
    role: role.default('user'),
    pinned: z.boolean().default(false),
    metadata: metadata.default({}),
  };
  return messageRules(z.strictObject(body), maxChars);
}

/** What an append, and its repetition under the same key, take. */
export type AppendUseCases = Pick<MessageUseCases, 'appendMessage' | 'readMessage' | 'readUsage'>;

export function appendRoute(
  { appendMessage, readMessage, readUsage }: AppendUseCases,
  { messageMaxChars }: MessageLimits,
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
      conversationErrors.compactionBusy,
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
      // The seq alone is stored: the message stands in the transcript, and usage is answered as it is.
      const stored = storeResponse((seq: number) => ({ seq }));
      return { status: 201, body: toAppendedJson(await appendMessage.execute(actor, input, stored)) };
    },
    async replay({ actor, params }, { seq }) {
      const message = await readMessage.execute(actor, params.thread, Number(seq));
      const usage = await readUsage.execute(actor, params.thread);
      return { status: 201, body: toAppendedJson({ message, usage, compaction: null }) };
    },
  });
}

export function toAppendedJson({ message, usage, compaction }: AppendedMessage) {
  return {
    message: toMessageJson(message),
    usage: toUsageJson(usage),
    ...(compaction === null ? {} : { compaction: toEventJson(compaction) }),
  };
}

/** `before` and `after` name a seq; a cursor is one of the two. */
const messageRange = z.union([z.strictObject({ before: z.int().min(0) }), z.strictObject({ after: z.int().min(0) })]);

function listMessages({ listMessages }: MessageUseCases): Route {
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

function readMessage({ readMessage }: MessageUseCases): Route {
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

function changePin({ changePin }: MessageUseCases, method: 'put' | 'delete'): Route {
  const pinned = method === 'put';
  return route({
    method,
    path: '/chat/{thread}/messages/{seq}/pin',
    tag,
    summary: pinned ? 'Pin a message: no compaction touches it.' : 'Unpin a message.',
    access,
    params: { thread, seq },
    returns: { 200: z.strictObject({ message: messageSchema, usage: usageSchema }) },
    errors: [
      conversationErrors.threadNotYours,
      conversationErrors.archived,
      ...(pinned ? [conversationErrors.notVerbatim, conversationErrors.pinsOverBudget] : []),
      conversationErrors.appendContended,
      conversationErrors.compactionBusy,
    ],
    async handle({ actor, params }) {
      const { message, usage } = await changePin.execute(actor, { threadId: params.thread, seq: params.seq, pinned });
      return { status: 200, body: { message: toMessageJson(message), usage: toUsageJson(usage) } };
    },
  });
}
