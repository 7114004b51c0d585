/** Counts of what is stored, in one statement. */
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { RecordCounts, Statistics } from '#application/operations/ports.ts';

/** Messages are numbered without gaps: the last numbers tell how many there are without a look at them. */
const COUNTS = `SELECT
  (SELECT COUNT(*) FROM users) AS users,
  (SELECT COUNT(*) FROM games) AS games,
  (SELECT COUNT(*) FROM sources) AS sources,
  (SELECT COUNT(*) FROM threads WHERE deleted_at IS NULL) AS threads,
  (SELECT COALESCE(SUM(last_seq), 0) FROM threads WHERE deleted_at IS NULL) AS messages,
  (SELECT COUNT(*) FROM revisions WHERE made_by = 'compaction'
    AND thread_id NOT IN (SELECT id FROM threads WHERE deleted_at IS NOT NULL)) AS compactions`;

/** PostgreSQL's driver gives counts as text. */
type CountRow = Record<keyof RecordCounts, number | string>;

export class SequelizeStatistics implements Statistics {
  readonly #sequelize: Sequelize;
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ sequelize: Sequelize; transaction: Transaction | null }>) {
    this.#sequelize = deps.sequelize;
    this.#transaction = deps.transaction;
  }

  async count(): Promise<RecordCounts> {
    const options = { type: QueryTypes.SELECT as const, transaction: this.#transaction };
    const [row] = await this.#sequelize.query<CountRow>(COUNTS, options);
    const counts = Object.entries(row as CountRow).map(([name, count]) => [name, Number(count)]);
    return Object.fromEntries(counts) as RecordCounts;
  }
}
