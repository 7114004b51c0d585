/** Queues a job again that failed or was cancelled: it goes on after its last finished step. */
import { jobFacts } from '#domain/jobs/audit-facts.ts';
import { jobErrors } from '#domain/jobs/errors.ts';
import { type Job, retried } from '#domain/jobs/job.ts';
import { requireControl } from '#domain/jobs/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { JobId } from '#domain/shared/ids.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { JobHandler, Jobs } from './ports.ts';

type RetryRepos = Readonly<{ jobs: Pick<Jobs, 'find' | 'findActive' | 'save'>; audit: AuditLog }>;

type Deps<Repos> = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  handlers: Readonly<Record<string, Pick<JobHandler<Repos>, 'follow'>>>;
  audit: AuditEntries;
  clock: Clock;
}>;

export class RetryJob<Repos extends RetryRepos> {
  readonly #deps: Deps<Repos>;

  constructor(deps: Deps<Repos>) {
    this.#deps = deps;
  }

  /**
   * Returns the job as it is then. Throws 404 `job_not_found` unless the actor asked for it or holds `jobs.manage`; 409
   * `job_not_failed`, `job_active`.
   */
  async execute(actor: UserActor, id: JobId): Promise<Job> {
    const { unitOfWork, handlers, audit, clock } = this.#deps;
    const entry = audit.by(actor, { action: 'jobs.retry', subject: `job:${id}` });
    return unitOfWork.run(async (repos) => {
      const { jobs, audit } = repos;
      const job = requireControl(await jobs.find(id), actor);
      if (job.status !== 'failed' && job.status !== 'canceled') throw jobErrors.jobNotFailed();
      if ((await jobs.findActive(job.kind, job.key)) !== undefined) throw jobErrors.jobActive();
      const queued = retried(job, clock.now());
      await jobs.save(queued);
      await handlers[job.kind]?.follow?.(queued, repos);
      await audit.add({ ...entry, before: jobFacts(job), after: jobFacts(queued) });
      return queued;
    });
  }
}
