/** What log and metrics have of embeddings. No text is logged, and nothing of what a server answers. */
import type { Logger } from 'pino';
import type * as prom from 'prom-client';
import {
  EMBED_FAILURES,
  EMBED_PURPOSES,
  type EmbedFailure,
  type EmbedLog,
  type EmbedPurpose,
} from '#application/retrieval/embedding/embedder.ts';
import type { Durations } from './metrics/histogram.ts';
import type { Instruments } from './metrics/instruments.ts';

const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const OUTCOMES = ['embedded', 'resting', ...EMBED_FAILURES] as const;

export class EmbedMetrics {
  readonly #requests: prom.Counter<'for' | 'outcome'>;
  readonly #passages: prom.Counter<'outcome'>;
  readonly #durations: Readonly<Record<EmbedPurpose, Durations>>;

  constructor(instruments: Instruments) {
    this.#requests = instruments.counter({
      name: 'tavernkeep_embeddings_total',
      help: 'Requests for vectors, for a question or for passages, and how they ended; resting where the embedder was not asked, because it had failed shortly before.',
      labels: ['for', 'outcome'],
      known: EMBED_PURPOSES.flatMap((purpose) => OUTCOMES.map((outcome) => ({ for: purpose, outcome }))),
    });
    this.#passages = instruments.counter({
      name: 'tavernkeep_embedded_passages_total',
      help: 'Passages that were embedded, and those that the embedder refused, each by itself.',
      labels: ['outcome'],
      known: [{ outcome: 'embedded' }, { outcome: 'refused' }],
    });
    const histogram = instruments.histogram({
      name: 'tavernkeep_embedding_duration_seconds',
      help: 'How long it took until there were vectors, for a question or for passages.',
      labels: ['for'],
      buckets: BUCKETS,
    });
    this.#durations = { question: histogram.of({ for: 'question' }), passages: histogram.of({ for: 'passages' }) };
  }

  embedded(purpose: EmbedPurpose, ms: number): void {
    this.ended(purpose, 'embedded');
    this.#durations[purpose].observe(ms / 1_000);
  }

  ended(purpose: EmbedPurpose, outcome: EmbedFailure | 'embedded' | 'resting'): void {
    this.#requests.inc({ for: purpose, outcome });
  }

  passages(embedded: number, refused: number): void {
    this.#passages.inc({ outcome: 'embedded' }, embedded);
    this.#passages.inc({ outcome: 'refused' }, refused);
  }
}

export function logEmbeddings(logger: Logger, metrics: EmbedMetrics): EmbedLog {
  return {
    embedded: ({ purpose, ms }) => metrics.embedded(purpose, ms),
    rested: (purpose) => metrics.ended(purpose, 'resting'),
    failed({ purpose, failure, restSeconds }) {
      metrics.ended(purpose, failure);
      logger.warn({ for: purpose, failure, rest_seconds: restSeconds }, 'no embeddings: passages are found by words');
    },
    passages({ embedded, refused }) {
      metrics.passages(embedded, refused);
      if (refused > 0)
        logger.warn({ passages: refused }, 'the embedder refuses some passages: they are found by words alone');
    },
  };
}
