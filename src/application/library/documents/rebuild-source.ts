/** Asks for every document of a source to be read anew; what serves goes on serving meanwhile. */
import type { Job } from '#domain/jobs/job.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { AuditEntries, AuditLog } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { UnitOfWork } from '../../shared/unit-of-work.ts';
import type { Sources } from '../ports.ts';
import { getSource } from '../source-access.ts';
import { CHANGE_SOURCES } from './document-access.ts';
import { rebuildingJob } from './library-jobs.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ sources: Pick<Sources, 'find'>; jobs: Pick<Jobs, 'add'>; audit: AuditLog }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export class RebuildSource {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns the job, or the one that does it already. Throws 403 without `sources.write`; 404 `source_not_found`. */
  async execute(actor: UserActor, id: SourceId): Promise<Job> {
    requirePermission(actor, CHANGE_SOURCES);
    const { unitOfWork, audit, clock, ids } = this.#deps;
    const entry = audit.by(actor, { action: 'sources.rebuild', subject: `source:${id}` });
    const asked = { id: ids.next('job'), requestedBy: actor.userId, createdAt: clock.now() };
    return unitOfWork.run(async ({ sources, jobs, audit: log }) => {
      await getSource(sources, id);
      const job = await jobs.add(rebuildingJob(id, asked));
      if (job.id === asked.id) await log.add(entry);
      return job;
    });
  }
}
