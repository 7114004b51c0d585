/** Who may see jobs, and who may end them: whoever asked for them, and holders of a permission for each. */
import type { UserActor } from '#domain/shared/actor.ts';
import { jobErrors } from './errors.ts';
import type { Job } from './job.ts';

/** Its holders see all jobs. */
export const SEE_ALL_JOBS = 'system.read';
/** Its holders see, end and retry all jobs. */
const MANAGE_ALL_JOBS = 'jobs.manage';

/** Throws 404 `job_not_found` unless the actor asked for the job or may see all, whether or not there is one. */
export function requireSight(job: Job | undefined, actor: UserActor): Job {
  const mayAll = [SEE_ALL_JOBS, MANAGE_ALL_JOBS].some((permission) => actor.permissions.includes(permission));
  if (job === undefined || (job.requestedBy !== actor.userId && !mayAll)) throw jobErrors.jobNotFound();
  return job;
}

/** Throws 404 `job_not_found` unless the actor asked for the job or may manage all, as where there is none. */
export function requireControl(job: Job | undefined, actor: UserActor): Job {
  const mayAll = actor.permissions.includes(MANAGE_ALL_JOBS);
  if (job === undefined || (job.requestedBy !== actor.userId && !mayAll)) throw jobErrors.jobNotFound();
  return job;
}
