/** What a client of OpenAI's API asks for: the part that is taken, and what is made of it. */
import { z } from 'zod';
import type { ChatToComplete } from '#application/conversations/completions/complete-chat.ts';
import type { ClientHistory, ClientMessage } from '#application/conversations/completions/history-sync.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { ToolCall } from '#domain/conversations/message.ts';
import { countedText } from '#domain/conversations/window.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { bodyId, text } from '../../declaration/input.ts';

const MAX_MESSAGES = 10_000;
const MAX_PARTS = 1_000;
const MAX_TOOL_CALLS = 128;
const MAX_STOPS = 16;

/** The model that starts a thread. */
export const NEW_THREAD = 'new';
const threadId = bodyId('thread');

export function modelOf(id: ThreadId): string {
  return `thread:${id}`;
}

/** Null for a new one. Throws 404 `thread_not_found` for what names no thread. */
function threadOf(model: string): ThreadId | null {
  if (model === NEW_THREAD) return null;
  const { data } = threadId.safeParse(/^thread:(.*)$/.exec(model)?.[1]);
  if (data === undefined)
    throw conversationErrors.threadNotFound({}, 'A model is "new" or "thread:<id>": GET /v1/models lists them.');
  return data;
}

const part = z.object({ type: z.literal('text', 'only text is taken'), text: z.string() });

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(part).max(MAX_PARTS)]).nullish(),
  name: text(1, 100).nullish(),
  tool_calls: z
    .array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
    .max(MAX_TOOL_CALLS)
    .nullish(),
  tool_call_id: text(1, 200).nullish(),
});

type RequestMessage = z.output<typeof message>;

function boundedMessage(maxChars: number) {
  return message.refine((one) => countedText(saidIn(one)).length <= maxChars, `must be at most ${maxChars} characters`);
}

/** How the model is to answer: handed on, where it is given. Null is as good as nothing. */
const parametersSchema = z.object({
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(MAX_STOPS)]).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  response_format: z.looseObject({ type: z.enum(['text', 'json_object', 'json_schema']) }).nullish(),
});

/** Fields that are not here are ignored: every front end sends some of its own. */
export function completionRequest(maxChars: number) {
  return parametersSchema.extend({
    model: text(1, 200).describe('`thread:<id>`, or `new`.'),
    messages: z.array(boundedMessage(maxChars)).min(1).max(MAX_MESSAGES),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    n: z.literal(1, 'there is one answer').nullish(),
    tool_choice: z.enum(['none', 'auto'], 'no tools are offered to the model').nullish(),
  });
}

export type CompletionRequestBody = z.output<ReturnType<typeof completionRequest>>;

export function toChat(body: CompletionRequestBody): ChatToComplete {
  const given = Object.entries(parametersSchema.parse(body)).filter(([, value]) => value !== null);
  return { threadId: threadOf(body.model), history: historyOf(body.messages), parameters: Object.fromEntries(given) };
}

/** What says nothing is left out, such as the answer that a client keeps a place for. */
function historyOf(messages: readonly RequestMessage[]): ClientHistory {
  const system = messages.filter(({ role }) => isSystem(role)).map((one) => saidIn(one).content);
  const prompt = system.filter((content) => content !== '').join('\n\n');
  const said = messages.flatMap((one) => {
    const { role, name, tool_call_id } = one;
    if (isSystem(role)) return [];
    return [{ role, name: name ?? null, toolCallId: tool_call_id ?? null, ...saidIn(one) }];
  });
  return {
    systemPrompt: prompt === '' ? null : prompt,
    messages: said.filter((one) => countedText(one) !== ''),
  };
}

function isSystem(role: RequestMessage['role']): role is 'system' | 'developer' {
  return role === 'system' || role === 'developer';
}

type SaidIn = Pick<ClientMessage, 'content' | 'toolCalls'>;

function saidIn({ content, tool_calls }: Pick<RequestMessage, 'content' | 'tool_calls'>): SaidIn {
  const words = Array.isArray(content) ? content.map(({ text }) => text).join('\n') : (content ?? '');
  return { content: words, toolCalls: tool_calls?.length ? tool_calls.map(toToolCall) : null };
}

function toToolCall({ id, function: called }: NonNullable<RequestMessage['tool_calls']>[number]): ToolCall {
  return { id, name: called.name, arguments: called.arguments };
}
