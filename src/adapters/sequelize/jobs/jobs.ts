/** Jobs: the store within a unit of work. */
import { Op, type Order, QueryTypes, type Sequelize, type Transaction, type WhereOptions } from 'sequelize';
import type { JobCount, JobCursor, Jobs } from '#application/jobs/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { type Job, type JobStatus, type NewJob, queuedJob } from '#domain/jobs/job.ts';
import type { JobId, UserId } from '#domain/shared/ids.ts';
import { dateFrom } from '../shared/columns.ts';
import { newestFirst, olderRows, pageOf } from '../shared/keyset.ts';
import { heldColumns, type JobModel, type JobRow, jobFrom, rowOf } from './job-rows.ts';

const ACTIVE = ['queued', 'running'];

type CountRow = { kind: string; status: string; count: number; oldest: number };
const COUNT_ACTIVE = `SELECT kind, status, COUNT(*) AS count, MIN(created_at) AS oldest FROM jobs
  WHERE status IN ('queued', 'running') GROUP BY kind, status ORDER BY kind, status`;

export class SequelizeJobs implements Jobs {
  readonly #model: JobModel;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ model: JobModel; transaction: Transaction | null }>) {
    this.#model = deps.model;
    this.#transaction = deps.transaction;
  }

  find(id: JobId): Promise<Job | undefined> {
    return this.#findWhere({ id });
  }

  findActive(kind: string, key: string): Promise<Job | undefined> {
    return this.#findWhere({ kind, job_key: key, status: ACTIVE });
  }

  async list({
    requestedBy,
    limit,
    cursor,
  }: Readonly<{ requestedBy: UserId | null }> & PageRequest<JobCursor>): Promise<Page<Job, JobCursor>> {
    const rows = await this.#model.findAll({
      where: {
        ...(requestedBy === null ? {} : { requested_by: requestedBy }),
        ...olderRows('created_at', 'id', cursor),
      },
      order: newestFirst('created_at', 'id'),
      limit: limit + 1,
      transaction: this.#transaction,
    });
    const found = rows.map((row) => jobFrom(row.get()));
    return pageOf(found, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  async countActive(): Promise<readonly JobCount[]> {
    const sequelize = this.#model.sequelize as Sequelize;
    const options = { type: QueryTypes.SELECT as const, transaction: this.#transaction };
    const rows = await sequelize.query<CountRow>(COUNT_ACTIVE, options);
    return rows.map(({ kind, status, count, oldest }) => ({
      kind,
      status: status as JobStatus,
      count: Number(count),
      oldest: dateFrom(oldest),
    }));
  }

  /** Two that are added at once see each other by the unique index: the later unit of work runs again. */
  async add(asked: NewJob): Promise<Job> {
    const active = await this.findActive(asked.kind, asked.key);
    if (active !== undefined) return active;
    const job = queuedJob(asked);
    await this.#model.create(rowOf(job), { transaction: this.#transaction });
    return job;
  }

  async save(job: Job): Promise<void> {
    const columns = { ...heldColumns(job), cancel_requested: job.cancelRequested };
    await this.#model.update(columns, { where: { id: job.id }, transaction: this.#transaction });
  }

  async saveHeld(job: Job): Promise<boolean> {
    const where = { id: job.id, token: job.token, status: 'running' };
    const [changed] = await this.#model.update(heldColumns(job), { where, transaction: this.#transaction });
    return changed === 1;
  }

  async prune(endedBy: Date, limit: number): Promise<number> {
    const transaction = this.#transaction;
    const time = { [Op.lte]: endedBy.getTime() };
    // What ended by then was asked for by then, which the index knows.
    const where = { created_at: time, finished_at: time };
    const order: Order = ['created_at', 'id'];
    const old = await this.#model.findAll({ where, attributes: ['id'], order, limit, transaction });
    return this.#model.destroy({ where: { id: old.map((row) => row.get().id) }, transaction });
  }

  async #findWhere(where: WhereOptions<JobRow>): Promise<Job | undefined> {
    const row = await this.#model.findOne({ where, transaction: this.#transaction });
    return row === null ? undefined : jobFrom(row.get());
  }
}
