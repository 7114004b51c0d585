/** What log and metrics have of imports: how each ended, and what was read of it. */
import type { Logger } from 'pino';
import type * as prom from 'prom-client';
import { type EndedImport, IMPORT_OUTCOMES, type ImportLog } from '#application/conversations/imports/import-log.ts';
import type { Durations } from './metrics/histogram.ts';
import type { Instruments } from './metrics/instruments.ts';

const BUCKETS = [0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800];

export class ImportMetrics {
  readonly #imports: prom.Counter<'outcome'>;
  readonly #messages: prom.Counter;
  readonly #compactions: prom.Counter;
  readonly #duration: Durations;

  constructor(instruments: Instruments) {
    this.#imports = instruments.counter({
      name: 'tavernkeep_imports_total',
      help: 'Conversations that were to be imported: imported, refused, or failed, as where the connection broke.',
      labels: ['outcome'],
      known: IMPORT_OUTCOMES.map((outcome) => ({ outcome })),
    });
    this.#messages = instruments.counter({
      name: 'tavernkeep_imported_messages_total',
      help: 'Messages of conversations that were imported; no append counts them.',
      labels: [],
    });
    this.#compactions = instruments.counter({
      name: 'tavernkeep_import_compactions_total',
      help: 'Compactions that their windows needed meanwhile; tavernkeep_compactions_total counts none of them.',
      labels: [],
    });
    const name = 'tavernkeep_import_duration_seconds';
    const help = 'How long an import took, from its first line to the thread that everybody sees.';
    this.#duration = instruments.histogram({ name, help, labels: [], buckets: BUCKETS }).of({});
  }

  ended({ outcome, messages, compactions, ms }: EndedImport): void {
    this.#imports.inc({ outcome });
    if (outcome !== 'imported') return;
    this.#messages.inc(messages);
    this.#compactions.inc(compactions);
    this.#duration.observe(ms / 1_000);
  }
}

export function logImports(logger: Logger, metrics: ImportMetrics): ImportLog {
  return {
    ended(ended) {
      metrics.ended(ended);
      const { threadId, ...facts } = ended;
      logger.info({ thread_id: threadId, ...facts }, 'import');
    },
  };
}
