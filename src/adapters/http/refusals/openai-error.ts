/** Refusals as OpenAI's API words them. */
import { z } from 'zod';
import { rateLimitErrors } from '#application/shared/rate-limiter.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { actorErrors } from '#domain/shared/actor.ts';
import { type Problem, problemFor } from './problem.ts';

export const openAiErrorSchema = z
  .strictObject({
    error: z.strictObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .meta({ id: 'OpenAiError' });

/** Codes that clients of that API know; all others are ours. */
const CODES: Readonly<Record<string, string>> = {
  [actorErrors.unauthenticated.code]: 'invalid_api_key',
  [rateLimitErrors.rateLimited.code]: 'rate_limit_exceeded',
  [conversationErrors.threadNotFound.code]: 'model_not_found',
  [conversationErrors.contextBudgetUnreachable.code]: 'context_length_exceeded',
};

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

export function toOpenAiError(problem: Problem): z.input<typeof openAiErrorSchema> {
  const { status, code } = problem;
  const type = TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error');
  return { error: { message: messageOf(problem), type, param: paramOf(problem), code: CODES[code] ?? code } };
}

/** Of whatever was thrown; nothing in it names the request. */
export function openAiErrorFor(error: unknown): z.input<typeof openAiErrorSchema> {
  return toOpenAiError(problemFor(error, ''));
}

/** With the advice that a problem has beside its detail. */
function messageOf({ detail, title, advice }: Problem): string {
  const texts = Array.isArray(advice) ? advice.map(({ text }: { text: string }) => text) : [];
  return [detail ?? title, ...texts].join(' ');
}

/** The first field that is invalid. */
function paramOf({ errors }: Problem): string | null {
  const [first] = Array.isArray(errors) ? (errors as { path: string }[]) : [];
  return first?.path.replace(/^(?:body|query)\./, '') ?? null;
}
