/** Cancels a job: at once while it waits, and before its next step while it runs. */
import { jobFacts } from '#domain/jobs/audit-facts.ts';
import { jobErrors } from '#domain/jobs/errors.ts';
import { isActive, type Job, withCancelRequest } from '#domain/jobs/job.ts';
import { requireControl } from '#domain/jobs/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { JobId } from '#domain/shared/ids.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { JobHandler, Jobs } from './ports.ts';

type CancelRepos = Readonly<{ jobs: Pick<Jobs, 'find' | 'save'>; audit: AuditLog }>;

type Deps<Repos> = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  handlers: Readonly<Record<string, Pick<JobHandler<Repos>, 'isEssential' | 'follow'>>>;
  audit: AuditEntries;
  clock: Clock;
}>;

export class CancelJob<Repos extends CancelRepos> {
  readonly #deps: Deps<Repos>;

  constructor(deps: Deps<Repos>) {
    this.#deps = deps;
  }

  /**
   * Returns the job as it is then. Its finished steps stay. Throws 404 `job_not_found` unless the actor asked for it or
   * holds `jobs.manage`; 409 `job_ended`, `job_essential`.
   */
  async execute(actor: UserActor, id: JobId): Promise<Job> {
    const { unitOfWork, handlers, audit, clock } = this.#deps;
    const entry = audit.by(actor, { action: 'jobs.cancel', subject: `job:${id}` });
    return unitOfWork.run(async (repos) => {
      const { jobs, audit } = repos;
      const job = requireControl(await jobs.find(id), actor);
      if (!isActive(job)) throw jobErrors.jobEnded();
      if (handlers[job.kind]?.isEssential === true) throw jobErrors.jobEssential();
      if (job.cancelRequested) return job;
      const canceled = withCancelRequest(job, clock.now());
      await jobs.save(canceled);
      if (!isActive(canceled)) await handlers[job.kind]?.follow?.(canceled, repos);
      await audit.add({ ...entry, before: jobFacts(job), after: jobFacts(canceled) });
      return canceled;
    });
  }
}
