/** The job that has every document of a source read anew, page by page, by a job for each. */
import type { JobData } from '#domain/jobs/job.ts';
import { isBeingRead, requeued } from '#domain/library/document.ts';
import type { DocumentId, SourceId, UserId } from '#domain/shared/ids.ts';
import type { Users } from '../../identity/ports.ts';
import type { JobHandler, Jobs, StepEffect } from '../../jobs/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import { readingJob } from '../documents/library-jobs.ts';
import type { DocumentCursor, Documents } from '../documents/ports.ts';

type Repos = Readonly<{
  users: Pick<Users, 'find'>;
  documents: Pick<Documents, 'list' | 'save'>;
  jobs: Pick<Jobs, 'add'>;
}>;

const PAGE = 50;

export class RequeueDocuments implements JobHandler<Repos> {
  readonly isEssential = false;
  readonly #deps: Readonly<{ clock: Clock; ids: Ids }>;

  constructor(deps: Readonly<{ clock: Clock; ids: Ids }>) {
    this.#deps = deps;
  }

  async step({ payload, checkpoint }: Parameters<JobHandler<Repos>['step']>[0]): Promise<StepEffect<Repos>> {
    const { clock, ids } = this.#deps;
    const [sourceId, requester] = [payload.source_id as SourceId, payload.requested_by as UserId];
    const [deduplicates, onlyDeduplicated] = [payload.deduplicates === true, payload.only_deduplicated === true];
    const cursor = cursorIn(checkpoint);
    return async ({ users, documents, jobs }) => {
      const { items, next } = await documents.list(sourceId, { limit: PAGE, ...(cursor !== null && { cursor }) });
      // Whoever asked for it may be deleted meanwhile.
      const requestedBy = (await users.find(requester)) === undefined ? null : requester;
      for (const document of items.filter((one) => (onlyDeduplicated ? one.deduplicated : !isBeingRead(one)))) {
        // One that is being read begins anew: what it has left out so far may be nowhere else now.
        await documents.save(requeued(document));
        const asked = { id: ids.next('job'), requestedBy, createdAt: clock.now() };
        await jobs.add(readingJob(document.id, asked, deduplicates));
      }
      const done = Number(checkpoint?.done ?? 0) + items.length;
      const progress = { done, total: null, note: null };
      if (next === null) return { done: true, progress };
      return { done: false, progress, checkpoint: { at: next.at.getTime(), id: next.id, done } };
    };
  }
}

function cursorIn(checkpoint: JobData | null): DocumentCursor | null {
  return checkpoint === null ? null : { at: new Date(Number(checkpoint.at)), id: checkpoint.id as DocumentId };
}
