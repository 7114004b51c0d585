/** Jobs in memory. */
import type { JobCount, JobCursor, Jobs } from '#application/jobs/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { isActive, JOB_STATUSES, type Job, type NewJob, queuedJob } from '#domain/jobs/job.ts';
import type { JobId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { newestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryJobs implements Jobs {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(id: JobId): Promise<Job | undefined> {
    return this.#changes.find(this.#tables.jobs, id);
  }

  async findActive(kind: string, key: string): Promise<Job | undefined> {
    const isWanted = (job: Job) => job.kind === kind && job.key === key && isActive(job);
    return [...this.#changes.all(this.#tables.jobs, isWanted)][0];
  }

  async list({
    requestedBy,
    ...page
  }: Readonly<{ requestedBy: UserId | null }> & PageRequest<JobCursor>): Promise<Page<Job, JobCursor>> {
    const isWanted = (job: Job) => requestedBy === null || job.requestedBy === requestedBy;
    const found = this.#changes.all(this.#tables.jobs, isWanted);
    return newestFirst(found, ({ createdAt, id }) => ({ at: createdAt, id }), page);
  }

  async countActive(): Promise<readonly JobCount[]> {
    const active = [...this.#changes.all(this.#tables.jobs, isActive)];
    const groups = Object.entries(Object.groupBy(active, ({ kind, status }) => `${kind} ${status}`)).sort();
    return groups.flatMap(([, jobs = []]) => {
      const [first, ...others] = jobs.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
      if (first === undefined) return [];
      return [{ kind: first.kind, status: first.status, count: others.length + 1, oldest: first.createdAt }];
    });
  }

  async add(asked: NewJob): Promise<Job> {
    const active = await this.findActive(asked.kind, asked.key);
    if (active !== undefined) return active;
    if (asked.requestedBy !== null && !this.#changes.has(this.#tables.users, asked.requestedBy))
      throw new Error('There is no such user.');
    const job = queuedJob(asked);
    this.#changes.set(this.#tables.jobs, job.id, job);
    return job;
  }

  async save(job: Job): Promise<void> {
    known(JOB_STATUSES, job.status);
    const stored = await this.find(job.id);
    if (stored !== undefined) this.#changes.set(this.#tables.jobs, job.id, { ...job, token: stored.token });
  }

  async saveHeld(job: Job): Promise<boolean> {
    known(JOB_STATUSES, job.status);
    const stored = await this.find(job.id);
    if (stored?.status !== 'running' || stored.token !== job.token) return false;
    this.#changes.set(this.#tables.jobs, job.id, { ...job, cancelRequested: stored.cancelRequested });
    return true;
  }

  async prune(endedBy: Date, limit: number): Promise<number> {
    const isOld = ({ finishedAt }: Job) => finishedAt !== null && finishedAt <= endedBy;
    const old = [...this.#changes.all(this.#tables.jobs, isOld)].slice(0, limit);
    for (const { id } of old) this.#changes.remove(this.#tables.jobs, id);
    return old.length;
  }
}
