/** Work that outlives the request that asked for it. Deleted users who are still on their messages become jobs. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

const KIND = 'anonymize_messages';
const PAYLOAD_START = '{"user_id":"';

const jobsTable = (boolean: string) => `CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  job_key TEXT NOT NULL,
  workspace_id TEXT,
  requested_by TEXT REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
  status TEXT NOT NULL,
  progress_done BIGINT NOT NULL,
  progress_total BIGINT,
  progress_note TEXT,
  attempts INTEGER NOT NULL,
  error TEXT,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  payload TEXT NOT NULL,
  checkpoint TEXT,
  cancel_requested ${boolean} NOT NULL,
  due_at BIGINT NOT NULL,
  token INTEGER NOT NULL
)`;

const INDEXES = [
  // One key, one job, as long as it is to be done.
  "CREATE UNIQUE INDEX jobs_active ON jobs (kind, job_key) WHERE status IN ('queued', 'running')",
  "CREATE INDEX jobs_due ON jobs (due_at, id) WHERE status IN ('queued', 'running')",
  'CREATE INDEX jobs_by_time ON jobs (created_at, id)',
  'CREATE INDEX jobs_by_requester ON jobs (requested_by, created_at, id)',
];

/** An id that was a user's is a job's as well. */
const TAKE_OVER = `INSERT INTO jobs
  SELECT 'job_' || substr(user_id, 5), '${KIND}', user_id, NULL, NULL, 'queued', 0, NULL, NULL, 0, NULL, :now, NULL,
    NULL, '${PAYLOAD_START}' || user_id || '"}', NULL, :no, :now, 0
  FROM former_authors`;

/** Whoever was not taken off their messages, for whatever reason. */
const GIVE_BACK = `INSERT INTO former_authors
  SELECT DISTINCT job_key FROM jobs WHERE kind = '${KIND}' AND status <> 'done'`;

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  const { sequelize } = queryInterface;
  const isSqlite = sequelize.getDialect() === 'sqlite';
  const statements = [jobsTable(isSqlite ? 'TINYINT(1)' : 'BOOLEAN'), ...INDEXES];
  for (const statement of statements) await sequelize.query(statement, { transaction });
  const replacements = { now: Date.now(), no: false };
  await sequelize.query(TAKE_OVER, { replacements, transaction });
  await sequelize.query('DROP TABLE former_authors', { transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  const statements = ['CREATE TABLE former_authors (user_id TEXT NOT NULL PRIMARY KEY)', GIVE_BACK, 'DROP TABLE jobs'];
  for (const statement of statements) await queryInterface.sequelize.query(statement, { transaction });
}
