/** What log and metrics have of questions: who answered, how long it took, and what was wrong with a model's answer. */
import type { Logger } from 'pino';
import type * as prom from 'prom-client';
import {
  ASK_OUTCOMES,
  type AskLog,
  type AskOutcome,
  MODEL_OUTCOMES,
  type ModelOutcome,
} from '#application/retrieval/answering/ask-log.ts';
import type { Dropped } from '#domain/retrieval/answering/citations.ts';
import type { Durations } from './metrics/histogram.ts';
import type { Instruments } from './metrics/instruments.ts';

const STAGES = ['find', 'answer'] as const;
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const DROPPED = ['citation', 'quotation'] as const;

export class AskMetrics {
  readonly #asks: prom.Counter<'outcome'>;
  readonly #models: prom.Counter<'outcome'>;
  readonly #dropped: prom.Counter<'what'>;
  readonly #durations: Readonly<Record<(typeof STAGES)[number], Durations>>;

  constructor(instruments: Instruments) {
    this.#asks = instruments.counter({
      name: 'tavernkeep_asks_total',
      help: 'Questions to the library, and who answered: books_for_model where the model had no answer that holds.',
      labels: ['outcome'],
      known: ASK_OUTCOMES.map((outcome) => ({ outcome })),
    });
    this.#models = instruments.counter({
      name: 'tavernkeep_ask_model_answers_total',
      help: 'Questions that the language model was asked, and what became of its answer.',
      labels: ['outcome'],
      known: MODEL_OUTCOMES.map((outcome) => ({ outcome })),
    });
    this.#dropped = instruments.counter({
      name: 'tavernkeep_ask_dropped_total',
      help: 'Citations and quotations of the language model that no passage bears, and that nobody was told.',
      labels: ['what'],
      known: DROPPED.map((what) => ({ what })),
    });
    const histogram = instruments.histogram({
      name: 'tavernkeep_ask_duration_seconds',
      help: 'How long it took to find the passages for a question, and then to answer it.',
      labels: ['stage'],
      buckets: BUCKETS,
    });
    this.#durations = { find: histogram.of({ stage: 'find' }), answer: histogram.of({ stage: 'answer' }) };
  }

  asked(outcome: AskOutcome, findMs: number, answerMs: number): void {
    this.#asks.inc({ outcome });
    this.#durations.find.observe(findMs / 1_000);
    this.#durations.answer.observe(answerMs / 1_000);
  }

  modelAsked(outcome: ModelOutcome, { citations, quotations }: Dropped): void {
    this.#models.inc({ outcome });
    this.#dropped.inc({ what: 'citation' }, citations);
    this.#dropped.inc({ what: 'quotation' }, quotations);
  }
}

/** A question itself is nobody's business but the asker's: it is not logged. */
export function logAsks(logger: Logger, metrics: AskMetrics): AskLog {
  return {
    asked({ askedBy, outcome, findMs, answerMs }) {
      metrics.asked(outcome, findMs, answerMs);
      logger.info({ actor_id: askedBy, outcome, find_ms: findMs, answer_ms: answerMs }, 'ask');
    },
    modelAsked({ askedBy, outcome, reason, dropped }) {
      metrics.modelAsked(outcome, dropped);
      const line = { actor_id: askedBy, outcome, reason, dropped_citations: dropped.citations };
      const whole = { ...line, dropped_quotations: dropped.quotations };
      if (outcome === 'answered' || outcome === 'not_in_passages') logger.info(whole, 'ask answered by the model');
      else logger.warn(whole, 'ask not answered by the model');
    },
  };
}
