/** Who may see and end jobs: whoever asked for them, and those who watch over the system. */
import type { UserActor } from '#domain/shared/actor.ts';
import { jobErrors } from './errors.ts';
import type { Job } from './job.ts';

/** Its holders see, end and retry all jobs. */
export const SEE_ALL_JOBS = 'system.read';

/** Throws 404 `job_not_found` unless the actor asked for the job or may see all, whether or not there is one. */
export function requireSight(job: Job | undefined, actor: UserActor): Job {
  const mayAll = actor.permissions.includes(SEE_ALL_JOBS);
  if (job === undefined || (job.requestedBy !== actor.userId && !mayAll)) throw jobErrors.jobNotFound();
  return job;
}
