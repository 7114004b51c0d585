/** Why a reply fails: codes that clients can rely on, and what people read. */

export const REPLY_FAILURES = {
  cancelled: 'The reply was cancelled.',
  server_stopping: 'The server is being stopped. Ask again in a moment.',
  reply_superseded: 'Another reply has begun in this thread meanwhile.',
  model_unreachable: 'The language model cannot be reached. Try again later.',
  model_timed_out: 'The language model took too long. Try again later.',
  model_limited: 'The language model has too much to do.',
  model_rejected: 'The language model rejects what it is asked. The operator finds more in the log.',
  model_failed: 'The language model has failed. Try again later.',
  model_interrupted: 'The language model broke off in the middle of its answer. Try again.',
  model_malformed: 'The language model answered with something that is no answer. Try again later.',
  context_length_exceeded:
    'The conversation is too long for the language model, and could not be compacted any further.',
  answer_empty: 'The language model answered nothing. Try again.',
  answer_too_long: 'The answer is longer than a message may be.',
  answer_cut_off: 'The answer was cut off where the language model reached its limit.',
  answer_filtered: 'A filter of the language model held the answer back.',
  internal_error: 'The reply has failed for a reason that the operator finds in the log.',
} as const;

export type ReplyFailureCode = keyof typeof REPLY_FAILURES;
