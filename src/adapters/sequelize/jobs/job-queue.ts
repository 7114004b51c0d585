/** The delivery of jobs on their own records: claims and renewals, each one statement. */
import type { JobQueue } from '#application/jobs/ports.ts';
import type { Job } from '#domain/jobs/job.ts';
import type { Queries } from '../shared/queries.ts';
import { type Dialect, statement } from '../shared/statement.ts';
import { type JobRow, jobFrom } from './job-rows.ts';

const IS_OF_KIND: Readonly<Record<Dialect, string>> = {
  sqlite: 'kind IN (SELECT value FROM json_each(:kinds))',
  postgres: 'kind IN (SELECT json_array_elements_text(:kinds::json))',
};
/** Processes that claim at once pass over each other's; a file has one writer at a time anyway. */
const LOCK: Readonly<Record<Dialect, string>> = { sqlite: '', postgres: 'FOR UPDATE SKIP LOCKED' };

const CLAIM = statement(
  'claim_job',
  { kinds: 'text', now: 'bigint', lease_end: 'bigint' },
  (dialect) => `
    UPDATE jobs SET status = 'running', attempts = attempts + 1, started_at = COALESCE(started_at, :now),
      due_at = :lease_end, token = token + 1
    WHERE id = (
      SELECT id FROM jobs WHERE status IN ('queued', 'running') AND due_at <= :now AND ${IS_OF_KIND[dialect]}
      ORDER BY due_at, id LIMIT 1 ${LOCK[dialect]}
    )
    RETURNING *`,
  (row: JobRow): Job => jobFrom(row),
);

const RENEW = statement(
  'renew_job',
  { id: 'text', token: 'integer', lease_end: 'bigint' },
  "UPDATE jobs SET due_at = :lease_end WHERE id = :id AND token = :token AND status = 'running' RETURNING cancel_requested",
  (row: Pick<JobRow, 'cancel_requested'>) => ({ cancelRequested: Boolean(row.cancel_requested) }),
);

export class SqlJobQueue implements JobQueue {
  readonly #queries: Pick<Queries, 'one'>;

  /** `queries`: each is committed by itself before it is answered. */
  constructor(queries: Pick<Queries, 'one'>) {
    this.#queries = queries;
  }

  claim(kinds: readonly string[], now: Date, leaseEnd: Date): Promise<Job | undefined> {
    const times = { now: now.getTime(), lease_end: leaseEnd.getTime() };
    return this.#queries.one(CLAIM, { kinds: JSON.stringify(kinds), ...times });
  }

  renew({ id, token }: Pick<Job, 'id' | 'token'>, leaseEnd: Date): Promise<Pick<Job, 'cancelRequested'> | undefined> {
    return this.#queries.one(RENEW, { id, token, lease_end: leaseEnd.getTime() });
  }
}
