/** Reads one job, for whoever may see it. */
import type { Job } from '#domain/jobs/job.ts';
import { requireSight } from '#domain/jobs/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { JobId } from '#domain/shared/ids.ts';
import type { Jobs } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ jobs: Pick<Jobs, 'find'> }> }>;

export class ReadJob {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `job_not_found` unless the actor asked for it or holds `system.read` or `jobs.manage`. */
  async execute(actor: UserActor, id: JobId): Promise<Job> {
    return requireSight(await this.#deps.reads.jobs.find(id), actor);
  }
}
