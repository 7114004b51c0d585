/** The leases on the jobs that this process runs, which it renews as long as it runs them. */
import type { Job } from '#domain/jobs/job.ts';
import type { JobId } from '#domain/shared/ids.ts';
import type { Clock } from '../shared/clock.ts';
import type { JobQueue } from './ports.ts';

/** How long a job stays with a process that was killed. Renewals come much more often. */
const LEASE_MS = 10_000;

type Held = Readonly<{ job: Job; useless: AbortController }>;

export class HeldJobs {
  readonly #queue: JobQueue;
  readonly #clock: Clock;
  readonly #held = new Map<JobId, Held>();

  constructor(deps: Readonly<{ queue: JobQueue; clock: Clock }>) {
    this.#queue = deps.queue;
    this.#clock = deps.clock;
  }

  /** Claims the job of these kinds that has been due for longest; undefined where none is. */
  claim(kinds: readonly string[]): Promise<Job | undefined> {
    return this.#queue.claim(kinds, this.#clock.now(), this.#leaseEnd());
  }

  /**
   * Runs `work` while its job's lease is renewed; its signal is aborted once the job is lost, or somebody cancels it.
   */
  async whileHeld<T>(job: Job, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const useless = new AbortController();
    const held = { job, useless };
    this.#held.set(job.id, held);
    try {
      return await work(useless.signal);
    } finally {
      // A job that was lost may have been claimed once more by this very process.
      if (this.#held.get(job.id) === held) this.#held.delete(job.id);
    }
  }

  /** Prolongs every lease. One that lapses because the store is away is decided by its token. */
  async renew(): Promise<void> {
    for (const { job, useless } of this.#held.values()) {
      const renewed = await this.#queue.renew(job, this.#leaseEnd());
      if (renewed === undefined || renewed.cancelRequested) useless.abort();
    }
  }

  #leaseEnd(): Date {
    return new Date(this.#clock.now().getTime() + LEASE_MS);
  }
}
