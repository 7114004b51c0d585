/** Readings of documents for tests to vary: a reader that is told what there is, and workers of the library's jobs. */
import { MemoryFiles } from '#adapters/memory/library/files.ts';
import type { StoredFile } from '#application/library/documents/files.ts';
import {
  CLEAR_DOCUMENTS,
  COMPLETE_SOURCE,
  DEDUPE_SOURCE,
  READ_DOCUMENT,
  REBUILD_SOURCE,
  readingJob,
} from '#application/library/documents/library-jobs.ts';
import type { DocumentReader, Reading } from '#application/library/documents/reading.ts';
import { ClearDocuments } from '#application/library/reading/clear-documents.ts';
import { IngestDocuments } from '#application/library/reading/ingest-documents.ts';
import { RequeueDocuments } from '#application/library/reading/requeue-documents.ts';
import type { RecordStores } from '#application/repos.ts';
import type { embeddingJob } from '#application/retrieval/embedding/embedding-job.ts';
import { type Document, queuedDocument } from '#domain/library/document.ts';
import type { Passage } from '#domain/library/passage.ts';
import type { JobId, PassageId, SourceId } from '#domain/shared/ids.ts';
import { aDocument } from './documents.ts';
import { Worker } from './jobs.ts';
import { aSource, at, newId } from './records.ts';

/** Passages by batches: "a" is a passage of that text. */
export function aReading(...batches: readonly (readonly string[])[]): Reading {
  const texts = batches.flat();
  const place = { headingPath: '', page: null, pageLabel: null, timeCode: null, tokens: 1 };
  const passage = (text: string) => ({
    ...place,
    id: `psg_${text}` as PassageId,
    ordinal: texts.indexOf(text) + 1,
    text,
    sha256: `digest-of-${text}`,
  });
  return {
    pages: 3,
    passages: texts.length,
    notes: ['page 2 has no text: scanned?'],
    batches: batches.length,
    batch: (index) => (batches[index] ?? []).map(passage),
  };
}

export class ReadingWorld {
  readonly files = new MemoryFiles({ clock: { now: () => at(0) } });
  readonly stores: RecordStores;
  /** What is read of the document with an id, or thrown. */
  reads: (id: string) => Reading | Promise<Reading> = () => aReading(['a', 'b'], ['c']);
  /** Told before each batch is written. */
  beforeBatch: (index: number) => unknown = () => {};
  readings = 0;
  jobAfterReading: typeof embeddingJob | null = null;
  #books = 0;

  constructor(stores: RecordStores) {
    this.stores = stores;
  }

  worker(): Worker {
    const reader: Pick<DocumentReader, 'read'> = {
      read: async ({ id }, signal) => {
        signal.throwIfAborted();
        this.readings += 1;
        const reading = await this.reads(id);
        const batch = (index: number) => {
          this.beforeBatch(index);
          return reading.batch(index);
        };
        return { ...reading, batch };
      },
    };
    const { reads } = this.stores;
    const deps = { clock: { now: () => worker.now }, ids: { next: newId } };
    const worker: Worker = new Worker(this.stores, {
      [READ_DOCUMENT]: new IngestDocuments({
        reads,
        files: this.files,
        reader,
        jobAfterReading: this.jobAfterReading,
        ...deps,
      }),
      [CLEAR_DOCUMENTS]: new ClearDocuments({ files: this.files }),
      [REBUILD_SOURCE]: new RequeueDocuments(deps),
      [DEDUPE_SOURCE]: new RequeueDocuments(deps),
      [COMPLETE_SOURCE]: new RequeueDocuments(deps),
    });
    return worker;
  }

  async file(content: string): Promise<StoredFile> {
    const chunks = (async function* () {
      yield Buffer.from(content);
    })();
    return this.files.write(chunks, 1_000_000);
  }

  /** A document of a new source, and the job that is to read it. */
  async document(): Promise<Readonly<{ document: Document; jobId: JobId }>> {
    return this.documentOf(await this.source());
  }

  async source(): Promise<SourceId> {
    const source = aSource();
    await this.stores.unitOfWork.run(({ sources }) => sources.add(source));
    return source.id;
  }

  async documentOf(
    sourceId: SourceId,
    fields: Partial<Document> = {},
  ): Promise<Readonly<{ document: Document; jobId: JobId }>> {
    this.#books += 1;
    const { name: fileName, sha256, bytes } = await this.file(`Book ${this.#books}`);
    const document = queuedDocument(aDocument(sourceId, { fileName, sha256, bytes, ...fields }));
    await this.stores.unitOfWork.run(({ documents }) => documents.add(document));
    return { document, jobId: await this.ask(document) };
  }

  async ask({ id }: Pick<Document, 'id'>, seconds = 0): Promise<JobId> {
    const asked = { id: newId('job'), requestedBy: null, createdAt: at(seconds) };
    return (await this.stores.unitOfWork.run(({ jobs }) => jobs.add(readingJob(id, asked)))).id;
  }

  async found({ id }: Pick<Document, 'id'>): Promise<Document | undefined> {
    return this.stores.reads.documents.find(id);
  }

  /** The texts of what serves. */
  async served(of: Pick<Document, 'id'>): Promise<readonly string[]> {
    const document = await this.found(of);
    if (document === undefined) return [];
    const { items } = await this.stores.reads.passages.list(
      { documentId: document.id, generation: document.generation },
      { limit: 100 },
    );
    return items.map(({ text }: Passage) => text);
  }

  /** How many passages of a document there are in all. */
  stored({ id }: Pick<Document, 'id'>): Promise<number> {
    return this.stores.reads.passages.count({ documentId: id, generation: null });
  }
}
