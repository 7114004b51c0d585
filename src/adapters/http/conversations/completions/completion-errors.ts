/** Why there is no completion: the failures of replies as refusals, for those who wait for one behind a request. */
import type { FailedReply } from '#application/conversations/replies/reply-outcome.ts';
import { REPLY_FAILURES, type ReplyFailureCode } from '#domain/conversations/replies/reply-failures.ts';
import { type HttpRefusal, httpRefusal } from '../../declaration/http-errors.ts';

/** `internal_error` is no refusal. */
type RefusedCode = Exclude<ReplyFailureCode, 'internal_error'>;

/** Clients of OpenAI's API try again by themselves at 409, 429 and 5xx: which nothing is appended twice for. */
const STATUSES: Readonly<Record<RefusedCode, number>> = {
  cancelled: 409,
  server_stopping: 503,
  reply_superseded: 409,
  model_unreachable: 502,
  model_timed_out: 504,
  model_limited: 429,
  model_rejected: 502,
  model_failed: 502,
  model_interrupted: 502,
  model_malformed: 502,
  context_length_exceeded: 400,
  answer_empty: 502,
  answer_too_long: 502,
  answer_cut_off: 502,
  answer_filtered: 400,
};

export const completionErrors = Object.fromEntries(
  Object.entries(STATUSES).map(([code, status]) => [
    code,
    httpRefusal(status, code, REPLY_FAILURES[code as RefusedCode]),
  ]),
) as Readonly<Record<RefusedCode, HttpRefusal>>;

/** What is thrown for a reply that failed. */
export function errorOf({ code, detail, retryAfterSeconds, refusal, error }: FailedReply): unknown {
  if (refusal !== undefined) return refusal;
  if (!(code in completionErrors)) return error;
  const when = typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {};
  return completionErrors[code as RefusedCode](when, detail);
}
