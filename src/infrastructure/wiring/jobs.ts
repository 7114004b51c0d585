/** Wires the use cases on jobs, what runs them, and their routes. */
import { ContainerModule } from 'inversify';
import { jobRoutes } from '#adapters/http/jobs/jobs.routes.ts';
import { RecheckAuthentication } from '#application/identity/sessions/recheck-authentication.ts';
import { CancelJob } from '#application/jobs/cancel-job.ts';
import { FollowJobs } from '#application/jobs/follow-jobs.ts';
import { HeldJobs } from '#application/jobs/held-jobs.ts';
import { ListJobs } from '#application/jobs/list-jobs.ts';
import { PruneJobs } from '#application/jobs/prune-jobs.ts';
import { ReadJob } from '#application/jobs/read-job.ts';
import { RetryJob } from '#application/jobs/retry-job.ts';
import { RunJobs } from '#application/jobs/run-jobs.ts';
import type { Repos } from '#application/repos.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { LiveSlots } from '#application/shared/live-slots.ts';
import { runInBackground } from './run-in-background.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { clock, unitOfWork, reads, jobQueue, jobHandlers, jobLog, random } = tokens;
const audit = AuditEntries;

const RUN_INTERVAL_MS = 500;
/** A lease lasts three times as long. */
const RENEWAL_INTERVAL_MS = 3_000;
const FOLLOW_INTERVAL_MS = 1_000;
const PRUNE_INTERVAL_MS = 3_600_000;

export const jobsModule = new ContainerModule(({ bind }) => {
  wire(bind, HeldJobs, { queue: jobQueue, clock });
  wire(bind, RunJobs<Repos>, { unitOfWork, held: HeldJobs, handlers: jobHandlers, log: jobLog, clock, random });
  runInBackground(bind, RunJobs<Repos>, (jobs) => ({
    name: 'run jobs',
    everyMs: RUN_INTERVAL_MS,
    run: (closing) => jobs.start(closing),
    finish: () => jobs.finish(),
  }));
  runInBackground(bind, HeldJobs, (held) => ({
    name: 'renew the leases of jobs',
    everyMs: RENEWAL_INTERVAL_MS,
    run: () => held.renew(),
  }));
  wire(bind, FollowJobs, { reads, recheck: RecheckAuthentication, slots: LiveSlots });
  runInBackground(bind, FollowJobs, (following) => ({
    name: 'tell changes of jobs',
    everyMs: FOLLOW_INTERVAL_MS,
    run: () => following.refresh(),
  }));
  wire(bind, PruneJobs, { unitOfWork, clock });
  runInBackground(bind, PruneJobs, (old) => ({
    name: 'remove old jobs',
    everyMs: PRUNE_INTERVAL_MS,
    run: (closing) => old.execute(closing),
  }));
  wire(bind, ListJobs, { reads });
  wire(bind, ReadJob, { reads });
  wire(bind, CancelJob<Repos>, { unitOfWork, handlers: jobHandlers, audit, clock });
  wire(bind, RetryJob<Repos>, { unitOfWork, handlers: jobHandlers, audit, clock });
  routes(bind, jobRoutes, {
    listJobs: ListJobs,
    readJob: ReadJob,
    cancelJob: CancelJob,
    retryJob: RetryJob,
    followJobs: FollowJobs,
  });
});
