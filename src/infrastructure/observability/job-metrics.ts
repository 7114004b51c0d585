/** What log and metrics have of jobs: how each attempt ended, and what waits. */
import type { Logger } from 'pino';
import type * as prom from 'prom-client';
import { JOB_OUTCOMES, type JobCount, type JobLog } from '#application/jobs/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Instruments } from './metrics/instruments.ts';

export class JobMetrics {
  readonly #attempts: prom.Counter<'kind' | 'outcome'>;

  constructor(instruments: Instruments) {
    this.#attempts = instruments.counter({
      name: 'tavernkeep_jobs_total',
      help: 'Attempts at jobs by how they ended: done, failed for good, canceled, to be retried, postponed while a store was away, released because the process stopped, or lost to another process.',
      labels: ['kind', 'outcome'],
    });
  }

  /** The attempts at these kinds begin at 0. */
  expect(kinds: readonly string[]): void {
    for (const kind of kinds) for (const outcome of JOB_OUTCOMES) this.#attempts.inc({ kind, outcome }, 0);
  }

  readonly ended: JobLog['ended'] = ({ job, outcome }) => {
    this.#attempts.inc({ kind: job.kind, outcome });
  };
}

export function logJobs(logger: Logger, metrics: JobMetrics): JobLog {
  return {
    ended(ended) {
      metrics.ended(ended);
      const { job, outcome, cause } = ended;
      const facts = { job_id: job.id, kind: job.kind, outcome, attempts: job.attempts };
      if (outcome === 'failed' || outcome === 'retried') logger.warn({ ...facts, err: cause }, 'job');
      else logger.info(facts, 'job');
    },
  };
}

type Sources = Readonly<{ jobs: Readonly<{ countActive(): Promise<readonly JobCount[]> }>; clock: Clock }>;

/** Adds what is read of the records at a scrape. */
export function observeJobs(instruments: Instruments, { jobs, clock }: Sources): void {
  instruments.readGauge(
    { name: 'tavernkeep_jobs', help: 'Jobs that are queued and running.', labels: ['kind', 'status'] },
    async () => (await jobs.countActive()).map(({ kind, status, count }) => [{ kind, status }, count]),
  );
  instruments.readGauge(
    {
      name: 'tavernkeep_oldest_job_age_seconds',
      help: 'How long ago the oldest of them was asked for.',
      labels: ['kind', 'status'],
    },
    async () => {
      const now = clock.now().getTime();
      const counts = await jobs.countActive();
      return counts.map(({ kind, status, oldest }) => [{ kind, status }, (now - oldest.getTime()) / 1_000]);
    },
  );
}
