/** The job that reads a document: it writes a generation of passages beside the one that serves, and lets it serve. */
import type { FinishedStep, Job, JobData, NewJob } from '#domain/jobs/job.ts';
import { beginReading, type Document, endReading, finishReading, requeued } from '#domain/library/document.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { JobHandler, Jobs, StepEffect } from '../../jobs/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { Files } from '../documents/files.ts';
import { clearingJob } from '../documents/library-jobs.ts';
import type { Documents, Passages } from '../documents/ports.ts';
import type { DocumentReader, Reading, ReadPassage } from '../documents/reading.ts';
import { isOfFile } from './file-refusals.ts';

type Repos = Readonly<{
  documents: Pick<Documents, 'find' | 'save'>;
  passages: Pick<Passages, 'add' | 'findEarlier'>;
  jobs: Pick<Jobs, 'add'>;
}>;

type Deps = Readonly<{
  reads: Readonly<{ documents: Pick<Documents, 'find'> }>;
  files: Pick<Files, 'read'>;
  reader: Pick<DocumentReader, 'read'>;
  /** Asked for with what was read; null where there is nothing to be done with it. */
  jobAfterReading: ((asked: Pick<NewJob, 'id' | 'createdAt'>) => NewJob) | null;
  clock: Clock;
  ids: Ids;
}>;

/**
 * Where a reading is: which generation it writes, how many batches are there, how many passages were read, and how many
 * of them were left out because an earlier document has them.
 */
type Place = Readonly<{ generation: number; batches: number; passages: number | null; left: number }>;

type Change = (document: Document, repos: Repos) => Promise<FinishedStep>;

const BEGUN = { done: 0, total: null, note: null };
const GONE: FinishedStep = { done: true, progress: BEGUN };

export class IngestDocuments implements JobHandler<Repos> {
  readonly isEssential = false;
  readonly #deps: Deps;
  /** What a claim has read, for as long as the claim lasts: the file is read once, and not for each step. */
  readonly #readings = new WeakMap<AbortSignal, Reading>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async step(
    { payload, checkpoint }: Parameters<JobHandler<Repos>['step']>[0],
    signal: AbortSignal,
  ): Promise<StepEffect<Repos>> {
    const document = await this.#deps.reads.documents.find(payload.document_id as DocumentId);
    if (document === undefined) return async () => GONE;
    const place = placeIn(checkpoint);
    const deduplicates = payload.deduplicates === true;
    const begin = (current: Document, repos: Repos) => this.#begin(current, repos, place, deduplicates);
    if (place === null || !isUnderWay(document, place)) return changing(document.id, begin);
    try {
      const reading = await this.#read(document, signal);
      // Another version of the product may cut a document otherwise: then all of it is cut so.
      if (place.passages !== null && place.passages !== reading.passages) return changing(document.id, begin);
      const write = this.#write(place, reading, deduplicates);
      // It may have been queued anew since it was looked at.
      return changing(document.id, (current, repos) => (isUnderWay(current, place) ? write : begin)(current, repos));
    } catch (error) {
      if (!isOfFile(error)) throw error;
      return this.#fail(document.id, place, error.message);
    }
  }

  async follow({ payload, checkpoint, status, error }: Job, repos: Repos): Promise<void> {
    const document = await repos.documents.find(payload.document_id as DocumentId);
    if (document === undefined) return;
    if (status === 'queued') await repos.documents.save(requeued(document));
    if (status === 'failed' || status === 'canceled') {
      await repos.documents.save(endReading(document, status, status === 'failed' ? error : null));
      await this.#clear(repos, document.id, placeIn(checkpoint));
    }
  }

  async #read(document: Document, signal: AbortSignal): Promise<Reading> {
    const known = this.#readings.get(signal);
    if (known !== undefined) return known;
    const { id, kind, fileName } = document;
    const bytes = await this.#deps.files.read(fileName);
    const reading = await this.#deps.reader.read({ id, kind, bytes }, signal);
    this.#readings.set(signal, reading);
    return reading;
  }

  async #begin(document: Document, repos: Repos, left: Place | null, deduplicates: boolean): Promise<FinishedStep> {
    const begun = beginReading(document, deduplicates);
    await repos.documents.save(begun);
    await this.#clear(repos, document.id, left);
    const checkpoint = { generation: begun.lastGeneration, batches: 0, passages: null, left: 0 };
    return { done: false, progress: BEGUN, checkpoint };
  }

  /** The next batch; the last one lets all of them serve. */
  #write(place: Place, reading: Reading, deduplicates: boolean): Change {
    const { generation, batches } = place;
    const { passages, notes } = reading;
    const batch = reading.batch(batches);
    return async (document, repos) => {
      const own = deduplicates ? await ownOf(batch, document, repos) : batch;
      const { id: documentId, sourceId } = document;
      await repos.passages.add(own.map((passage) => ({ ...passage, documentId, sourceId, generation })));
      const left = place.left + batch.length - own.length;
      const progress = { done: batch.at(-1)?.ordinal ?? 0, total: passages, note: noteOf(notes) };
      if (batches + 1 < reading.batches)
        return { done: false, progress, checkpoint: { generation, batches: batches + 1, passages, left } };
      const read = { generation, pages: reading.pages, passages: passages - left, deduplicated: deduplicates };
      await this.#serve(document, finishReading(document, read), repos);
      return { done: true, progress };
    };
  }

  async #serve(before: Document, after: Document, { documents, jobs }: Repos): Promise<void> {
    await documents.save(after);
    const { id: documentId, generation } = before;
    if (generation > 0) await jobs.add(clearingJob({ passages: [{ documentId, generation }] }, this.#asked()));
    const { jobAfterReading } = this.#deps;
    if (jobAfterReading !== null) await jobs.add(jobAfterReading(this.#asked()));
  }

  /** Trying again would end in the same way. */
  #fail(id: DocumentId, place: Place, failure: string): StepEffect<Repos> {
    return changing(id, async (document, repos) => {
      await repos.documents.save(endReading(document, 'failed', failure));
      await this.#clear(repos, id, place);
      return { done: true, failure, progress: BEGUN };
    });
  }

  /** Gives back what a reading wrote that ends before its end. */
  async #clear({ jobs }: Repos, documentId: DocumentId, place: Place | null): Promise<void> {
    if (place === null || place.batches === 0) return;
    const { generation } = place;
    await jobs.add(clearingJob({ passages: [{ documentId, generation }] }, this.#asked()));
  }

  #asked() {
    const { ids, clock } = this.#deps;
    return { id: ids.next('job'), requestedBy: null, createdAt: clock.now() };
  }
}

/** What of a batch no earlier document has. */
async function ownOf(
  batch: readonly ReadPassage[],
  document: Document,
  { passages }: Repos,
): Promise<readonly ReadPassage[]> {
  const digests = batch.map(({ sha256 }) => sha256);
  const earlier = await passages.findEarlier(document, digests);
  return batch.filter(({ sha256 }) => !earlier.has(sha256));
}

/** A document that is deleted meanwhile needs no more steps. */
function changing(id: DocumentId, change: Change): StepEffect<Repos> {
  return async (repos) => {
    const document = await repos.documents.find(id);
    return document === undefined ? GONE : change(document, repos);
  };
}

/** A job that was ended and is tried again begins anew: what it had written is given back. */
function isUnderWay({ status, lastGeneration }: Document, { generation }: Place): boolean {
  return status === 'reading' && lastGeneration === generation;
}

function placeIn(checkpoint: JobData | null): Place | null {
  return checkpoint as Place | null;
}

function noteOf(notes: readonly string[]): string | null {
  return notes.length === 0 ? null : notes.join('; ');
}
