/** How a reply ends, and what the ends of a model's answer are to it. */
import { REPLY_FAILURES, type ReplyFailureCode } from '#domain/conversations/replies/reply-failures.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { Answer, FailedCompletion, ModelFailure } from '../language-model.ts';

export type FailedReply = Readonly<{
  kind: 'failed';
  code: string;
  detail: string;
  /** When a model that limits its callers wants to be asked again; null where it does not say. */
  retryAfterSeconds?: number | null;
  /** What an append or a read was refused with. */
  refusal?: DomainError;
  /** A fault of ours. */
  error?: unknown;
}>;

export type CompletedReply = Readonly<{
  kind: 'completed';
  seq: number;
  /** Of the window, with the answer. */
  afterTokens: number;
  answer: Answer;
  /** Of the answer, as the window is counted. */
  tokens: number;
}>;

export type ReplyOutcome = CompletedReply | FailedReply;

const CODES: Readonly<Record<Exclude<ModelFailure, 'aborted'>, ReplyFailureCode>> = {
  unreachable: 'model_unreachable',
  timed_out: 'model_timed_out',
  limited: 'model_limited',
  rejected: 'model_rejected',
  context_length_exceeded: 'context_length_exceeded',
  failed: 'model_failed',
  interrupted: 'model_interrupted',
  malformed: 'model_malformed',
  too_long: 'answer_too_long',
};

const UNUSABLE: Readonly<Record<Answer['finishReason'], ReplyFailureCode | undefined>> = {
  stop: undefined,
  length: 'answer_cut_off',
  content_filter: 'answer_filtered',
  // A call of a tool, of which none was offered.
  other: 'model_malformed',
};

export function failedReply(code: ReplyFailureCode, detail: string = REPLY_FAILURES[code]): FailedReply {
  return { kind: 'failed', code, detail };
}

/** Why a whole answer cannot be appended; undefined where it can. One that is cut off can where that is wanted. */
export function faultOf({ finishReason, text }: Answer, { takesCutOff }: Readonly<{ takesCutOff: boolean }>) {
  const unusable = takesCutOff && finishReason === 'length' ? undefined : UNUSABLE[finishReason];
  const code = unusable ?? (text.trim() === '' ? 'answer_empty' : undefined);
  return code && failedReply(code);
}

/** Why there is no answer; `stopped` is what it comes to where the reply was stopped. */
export function failureOf(failed: FailedCompletion, stopped: ReplyOutcome): ReplyOutcome {
  const { kind, retryAfterSeconds } = failed;
  if (kind === 'aborted') return stopped;
  if (kind !== 'limited') return failedReply(CODES[kind]);
  const when = retryAfterSeconds === null ? 'Try again later.' : `Try again in ${retryAfterSeconds} seconds.`;
  return { ...failedReply('model_limited', `${REPLY_FAILURES.model_limited} ${when}`), retryAfterSeconds };
}

/** What was thrown on the way: a refusal says itself what is wrong. */
export function failureFor(error: unknown): ReplyOutcome {
  if (error instanceof DomainError) return { kind: 'failed', code: error.code, detail: error.message, refusal: error };
  return { ...failedReply('internal_error'), error };
}
