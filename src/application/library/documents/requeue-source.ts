/** What asks for every document of a source to be read anew, in one way or another. */
import type { Job, NewJob } from '#domain/jobs/job.ts';
import { CHANGE_SOURCES } from '#domain/library/library-reader.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { AuditEntries, Audited, AuditLog } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { UnitOfWork } from '../../shared/unit-of-work.ts';
import type { Sources } from '../ports.ts';
import { sourceFor } from '../source-access.ts';
import { type Asked, completingJob } from './library-jobs.ts';
import type { Documents } from './ports.ts';

export type RequeueDeps = Readonly<{
  unitOfWork: UnitOfWork<{ sources: Pick<Sources, 'find'>; jobs: Pick<Jobs, 'add'>; audit: AuditLog }>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

/** Returns the job, or the one that does it already. Throws 403 without `sources.write`; 404 `source_not_found`. */
export async function requeueSource(
  { unitOfWork, audit, clock, ids }: RequeueDeps,
  actor: UserActor,
  id: SourceId,
  { action, jobOf }: Readonly<{ action: Audited['action']; jobOf: (id: SourceId, asked: Asked) => NewJob }>,
): Promise<Job> {
  const entry = audit.by(actor, { action, subject: `source:${id}` });
  const asked = { id: ids.next('job'), requestedBy: actor.userId, createdAt: clock.now() };
  return unitOfWork.run(async ({ sources, jobs, audit: log }) => {
    await sourceFor(sources, actor, { id, permission: CHANGE_SOURCES });
    const job = await jobs.add(jobOf(id, asked));
    if (job.id === asked.id) await log.add(entry);
    return job;
  });
}

/** Where documents of a source leave out what others have, has them read anew once another is gone or changed. */
export async function completeSource(
  { documents, jobs }: Readonly<{ documents: Pick<Documents, 'hasDeduplicated'>; jobs: Pick<Jobs, 'add'> }>,
  id: SourceId,
  asked: Asked,
): Promise<void> {
  if (await documents.hasDeduplicated(id)) await jobs.add(completingJob(id, asked));
}
