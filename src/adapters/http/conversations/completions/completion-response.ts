/** Completions as OpenAI's API answers them: whole, and as a stream of chunks. */
import { z } from 'zod';
import type { MadeReply } from '#application/conversations/replies/answer-thread.ts';
import type { CompletedReply } from '#application/conversations/replies/reply-outcome.ts';
import { EVENT_STREAM_TYPE, type StreamSchema } from '../../declaration/stream.ts';
import { openAiErrorSchema } from '../../refusals/openai-error.ts';

const FINISH_REASONS = ['stop', 'length'] as const;

const finishReason = z.enum(FINISH_REASONS);
const usageSchema = z.strictObject({
  prompt_tokens: z.int().min(0),
  completion_tokens: z.int().min(0),
  total_tokens: z.int().min(0),
});

const head = { id: z.string(), created: z.int(), model: z.string() };

export const completionSchema = z
  .strictObject({
    ...head,
    object: z.literal('chat.completion'),
    choices: z.tuple([
      z.strictObject({
        index: z.literal(0),
        message: z.strictObject({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
        logprobs: z.null(),
        finish_reason: finishReason,
      }),
    ]),
    usage: usageSchema,
  })
  .meta({ id: 'ChatCompletion' });

const chunkSchema = z
  .strictObject({
    ...head,
    object: z.literal('chat.completion.chunk'),
    choices: z
      .array(
        z.strictObject({
          index: z.literal(0),
          delta: z.strictObject({ role: z.literal('assistant').optional(), content: z.string().optional() }),
          logprobs: z.null(),
          finish_reason: finishReason.nullable(),
        }),
      )
      .max(1),
    usage: usageSchema.nullable().optional(),
  })
  .meta({ id: 'ChatCompletionChunk' });

/** A whole completion as JSON, or chunks and, at the end of those that failed, an error. */
export const completionsSchema: StreamSchema = {
  contents: {
    'application/json': { of: 'whole', schema: completionSchema },
    [EVENT_STREAM_TYPE]: { of: 'events', schema: z.union([chunkSchema, openAiErrorSchema]) },
  },
};

type Completed = MadeReply & CompletedReply;

/** What every part of an answer names. */
export type CompletionHead = Readonly<{ id: string; created: number; model: string }>;

export function toCompletionJson(head: CompletionHead, reply: Completed): z.input<typeof completionSchema> {
  const message = { role: 'assistant', content: reply.answer.text, refusal: null } as const;
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(reply) }],
    usage: usageOf(reply),
  };
}

type Chunk = z.input<typeof chunkSchema>;

export function toDeltaChunk(head: CompletionHead, delta: Chunk['choices'][number]['delta']): Chunk {
  return toChunk(head, [{ index: 0, delta, logprobs: null, finish_reason: null }]);
}

export function toLastChunk(head: CompletionHead, reply: Completed): Chunk {
  return toChunk(head, [{ index: 0, delta: {}, logprobs: null, finish_reason: finishReasonOf(reply) }]);
}

export function toUsageChunk(head: CompletionHead, reply: Completed): Chunk {
  return { ...toChunk(head, []), usage: usageOf(reply) };
}

function toChunk(head: CompletionHead, choices: Chunk['choices']): Chunk {
  return { ...head, object: 'chat.completion.chunk', choices };
}

function finishReasonOf({ answer }: Completed): (typeof FINISH_REASONS)[number] {
  return answer.finishReason === 'length' ? 'length' : 'stop';
}

/** As the model counts, else as the window is counted. */
function usageOf({ answer: { usage }, promptTokens, tokens }: Completed): z.input<typeof usageSchema> {
  const prompt = usage?.promptTokens ?? promptTokens ?? 0;
  const completion = usage?.completionTokens ?? tokens;
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
