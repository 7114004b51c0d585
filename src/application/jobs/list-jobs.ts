/** Lists the jobs that the actor asked for, or all jobs. */
import type { Job } from '#domain/jobs/job.ts';
import { SEE_ALL_JOBS } from '#domain/jobs/policy.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { JobCursor, Jobs } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ jobs: Pick<Jobs, 'list'> }> }>;

export class ListJobs {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns a page, newest first. Throws 403 without `system.read` if `all` is set. */
  async execute(
    actor: UserActor,
    { all, ...page }: Readonly<{ all: boolean }> & PageRequest<JobCursor>,
  ): Promise<Page<Job, JobCursor>> {
    if (all) requirePermission(actor, SEE_ALL_JOBS);
    return this.#deps.reads.jobs.list({ requestedBy: all ? null : actor.userId, ...page });
  }
}
