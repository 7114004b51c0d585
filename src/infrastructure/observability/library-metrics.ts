/** What log and metrics have of documents: what is there, and what was read of them. */
import type { Logger } from 'pino';
import type * as prom from 'prom-client';
import type { FileCheckLog } from '#application/library/documents/check-files.ts';
import type { Documents } from '#application/library/documents/ports.ts';
import type { DocumentReader, Reading } from '#application/library/documents/reading.ts';
import { DOCUMENT_KINDS, type DocumentKind } from '#domain/library/document.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { Durations } from './metrics/histogram.ts';
import type { Instruments } from './metrics/instruments.ts';

const BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];
const OUTCOMES = ['read', 'refused', 'failed'] as const;

export class LibraryMetrics {
  readonly #readings: prom.Counter<'kind' | 'outcome'>;
  readonly #pages: prom.Counter;
  readonly #passages: prom.Counter;
  readonly #duration: Durations;

  constructor(instruments: Instruments) {
    this.#readings = instruments.counter({
      name: 'tavernkeep_readings_total',
      help: 'Readings of documents: read, refused for what the file is, or failed, as where one was canceled or took too much.',
      labels: ['kind', 'outcome'],
      known: DOCUMENT_KINDS.flatMap((kind) => OUTCOMES.map((outcome) => ({ kind, outcome }))),
    });
    this.#pages = instruments.counter({
      name: 'tavernkeep_read_pages_total',
      help: 'Pages of the documents that were read.',
      labels: [],
    });
    this.#passages = instruments.counter({
      name: 'tavernkeep_read_passages_total',
      help: 'Passages that were read of documents.',
      labels: [],
    });
    const name = 'tavernkeep_reading_duration_seconds';
    const help = 'How long the reading of a document took that was read, with the wait for others before it.';
    this.#duration = instruments.histogram({ name, help, labels: [], buckets: BUCKETS }).of({});
  }

  read(kind: DocumentKind, { pages, passages }: Reading, ms: number): void {
    this.#readings.inc({ kind, outcome: 'read' });
    this.#pages.inc(pages ?? 0);
    this.#passages.inc(passages);
    this.#duration.observe(ms / 1_000);
  }

  failed(kind: DocumentKind, error: unknown): void {
    const isRefusal = error instanceof DomainError && error.kind !== 'limited';
    this.#readings.inc({ kind, outcome: isRefusal ? 'refused' : 'failed' });
  }
}

/** Counts what another reader reads. */
export class MeasuredReader implements DocumentReader {
  readonly list: DocumentReader['list'];
  readonly take: DocumentReader['take'];
  readonly #reader: DocumentReader;
  readonly #metrics: LibraryMetrics;

  constructor(reader: DocumentReader, metrics: LibraryMetrics) {
    this.#reader = reader;
    this.#metrics = metrics;
    this.list = (...given) => reader.list(...given);
    this.take = (...given) => reader.take(...given);
  }

  async read(file: Parameters<DocumentReader['read']>[0], signal: AbortSignal): Promise<Reading> {
    const began = performance.now();
    try {
      const reading = await this.#reader.read(file, signal);
      this.#metrics.read(file.kind, reading, performance.now() - began);
      return reading;
    } catch (error) {
      this.#metrics.failed(file.kind, error);
      throw error;
    }
  }
}

type Sources = Readonly<{ documents: Pick<Documents, 'countAll'> }>;

/** Adds what is read of the records at a scrape. */
export function observeDocuments(instruments: Instruments, { documents }: Sources): void {
  instruments.readGauge(
    {
      name: 'tavernkeep_documents',
      help: 'Documents of the library, by the status of their last reading.',
      labels: ['kind', 'status'],
    },
    async () => (await documents.countAll()).map(({ kind, status, count }) => [{ kind, status }, count]),
  );
}

export function logFileChecks(logger: Logger): FileCheckLog {
  return {
    orphansRemoved: (count) => logger.info({ count }, 'removed files that belonged to no document'),
    missing: ({ id, sourceId }) =>
      logger.warn({ document_id: id, source_id: sourceId }, 'the original of a document is missing'),
  };
}
