/** Asks for the page or file at an address to be fetched, and to become a document of a source. */
import type { Job } from '#domain/jobs/job.ts';
import type { Audience } from '#domain/library/document.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { CHANGE_SOURCES } from '#domain/library/library-reader.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { UnitOfWork } from '../../shared/unit-of-work.ts';
import type { Sources } from '../ports.ts';
import { sourceFor } from '../source-access.ts';
import { fetchingJob } from './library-jobs.ts';
import type { WebPages } from './web-pages.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ sources: Pick<Sources, 'find'>; jobs: Pick<Jobs, 'add'> }>;
  pages: Pick<WebPages, 'check'>;
  /** Whether this installation fetches anything at all. */
  mayFetch: boolean;
  clock: Clock;
  ids: Ids;
}>;

/** `title` is null where the page's own name will do. */
export type PageInput = Readonly<{ url: string; title: string | null; audience: Audience }>;

export class AddPage {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the job, or the one that does it already. Throws 403 without `sources.write`; 409 `url_ingest_off`; 422
   * `url_refused`; 404 `source_not_found`.
   */
  async execute(actor: UserActor, sourceId: SourceId, { url, title, audience }: PageInput): Promise<Job> {
    requirePermission(actor, CHANGE_SOURCES);
    const { unitOfWork, pages, mayFetch, clock, ids } = this.#deps;
    if (!mayFetch) throw libraryErrors.urlIngestOff();
    pages.check(url);
    const asked = { id: ids.next('job'), requestedBy: actor.userId, createdAt: clock.now() };
    return unitOfWork.run(async ({ sources, jobs }) => {
      await sourceFor(sources, actor, { id: sourceId, permission: CHANGE_SOURCES });
      return jobs.add(fetchingJob({ sourceId, url, title, audience }, asked));
    });
  }
}
