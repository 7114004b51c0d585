/** What is counted of replies of the language model. */
import type * as prom from 'prom-client';
import type { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import { REPLY_FAILURES } from '#domain/conversations/replies/reply-failures.ts';
import type { Durations } from '../metrics/histogram.ts';
import type { Instruments } from '../metrics/instruments.ts';

/** `refused`: the thread did not take the answer, or cannot be read. */
const OUTCOMES = ['completed', 'refused', ...Object.keys(REPLY_FAILURES)];
const BUCKETS = [0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600];

export class ReplyMetrics {
  readonly #replies: prom.Counter<'outcome'>;
  readonly #duration: Durations;
  readonly #tokens: prom.Counter<'of'>;

  constructor(instruments: Instruments) {
    this.#replies = instruments.counter({
      name: 'tavernkeep_replies_total',
      help: 'Replies of the language model that were begun, and how they ended: completed, or why they failed.',
      labels: ['outcome'],
      known: OUTCOMES.map((outcome) => ({ outcome })),
    });
    this.#duration = instruments
      .histogram({
        name: 'tavernkeep_reply_duration_seconds',
        help: 'How long a completed reply took, from its request until it was appended.',
        labels: [],
        buckets: BUCKETS,
      })
      .of({});
    this.#tokens = instruments.counter({
      name: 'tavernkeep_reply_tokens_total',
      help: 'Tokens of prompts and answers, as the language model tells them.',
      labels: ['of'],
      known: [{ of: 'prompts' }, { of: 'answers' }],
    });
  }

  ended(outcome: string, seconds: number): void {
    this.#replies.inc({ outcome: OUTCOMES.includes(outcome) ? outcome : 'refused' });
    if (outcome === 'completed') this.#duration.observe(seconds);
  }

  used(promptTokens: number, completionTokens: number): void {
    this.#tokens.inc({ of: 'prompts' }, promptTokens);
    this.#tokens.inc({ of: 'answers' }, completionTokens);
  }
}

export function observeRunningReplies(instruments: Instruments, running: Pick<RunningReplies, 'count'>): void {
  instruments.readGauge(
    { name: 'tavernkeep_replies_running', help: 'Replies that the language model is giving through this process.' },
    () => [[{}, running.count]],
  );
}
