/** The delivery of jobs in memory: claims and renewals, each in a turn of its own. */
import type { JobQueue } from '#application/jobs/ports.ts';
import { claimed, isDue, type Job } from '#domain/jobs/job.ts';
import { Changes, type MemoryTables } from '../shared/tables.ts';
import type { Turn } from '../shared/turn.ts';

export class MemoryJobQueue implements JobQueue {
  readonly #tables: MemoryTables;
  readonly #turn: Turn;

  constructor(deps: Readonly<{ tables: MemoryTables; turn: Turn }>) {
    this.#tables = deps.tables;
    this.#turn = deps.turn;
  }

  claim(kinds: readonly string[], now: Date, leaseEnd: Date): Promise<Job | undefined> {
    return this.#change((changes) => {
      const isWanted = (job: Job) => isDue(job, now) && kinds.includes(job.kind);
      const [first] = [...changes.all(this.#tables.jobs, isWanted)].sort(byDueTime);
      if (first === undefined) return undefined;
      const job = claimed(first, now, leaseEnd);
      changes.set(this.#tables.jobs, job.id, job);
      return job;
    });
  }

  renew({ id, token }: Pick<Job, 'id' | 'token'>, leaseEnd: Date): Promise<Pick<Job, 'cancelRequested'> | undefined> {
    return this.#change((changes) => {
      const job = changes.find(this.#tables.jobs, id);
      if (job?.status !== 'running' || job.token !== token) return undefined;
      changes.set(this.#tables.jobs, id, { ...job, dueAt: leaseEnd });
      return { cancelRequested: job.cancelRequested };
    });
  }

  #change<T>(work: (changes: Changes) => T): Promise<T> {
    return this.#turn(async () => {
      const changes = new Changes();
      const result = work(changes);
      changes.commit();
      return result;
    });
  }
}

function byDueTime(a: Job, b: Job): number {
  const byTime = a.dueAt.getTime() - b.dueAt.getTime();
  if (byTime !== 0) return byTime;
  return a.id < b.id ? -1 : 1;
}
