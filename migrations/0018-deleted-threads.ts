/** Threads are hidden before they are removed, which takes its time; hidden ones outlast their owner. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

const BY_ACTIVITY =
  'CREATE INDEX threads_by_activity ON threads (owner_id, (COALESCE(last_message_at, created_at)), id)';

/** SQLite changes no column: another takes its place. */
const ownerColumn = (rule: string) => [
  'DROP INDEX threads_by_activity',
  `ALTER TABLE threads ADD COLUMN owner TEXT REFERENCES users (id) ON DELETE ${rule} ON UPDATE CASCADE`,
  'UPDATE threads SET owner = owner_id',
  'ALTER TABLE threads DROP COLUMN owner_id',
  'ALTER TABLE threads RENAME COLUMN owner TO owner_id',
  BY_ACTIVITY,
];
const ownerConstraint = (rule: string, isNullable: boolean) => [
  'ALTER TABLE threads DROP CONSTRAINT threads_owner_id_fkey',
  `ALTER TABLE threads ADD CONSTRAINT threads_owner_id_fkey
    FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE ${rule} ON UPDATE CASCADE`,
  `ALTER TABLE threads ALTER COLUMN owner_id ${isNullable ? 'DROP' : 'SET'} NOT NULL`,
];

const ADDED = [
  // Nobody's is only what is hidden.
  'ALTER TABLE threads ADD COLUMN deleted_at BIGINT CHECK (deleted_at IS NOT NULL OR owner_id IS NOT NULL)',
  'CREATE INDEX threads_deleted ON threads (deleted_at) WHERE deleted_at IS NOT NULL',
];
const REMOVED = [
  'DELETE FROM threads WHERE deleted_at IS NOT NULL',
  'DROP INDEX threads_deleted',
  'ALTER TABLE threads DROP COLUMN deleted_at',
];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const owner = isSqlite(context) ? ownerColumn('SET NULL') : ownerConstraint('SET NULL', true);
  await run(context, [...owner, ...ADDED]);
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const owner = isSqlite(context) ? ownerColumn('CASCADE') : ownerConstraint('CASCADE', false);
  await run(context, [...REMOVED, ...owner]);
}

function isSqlite({ queryInterface }: Context): boolean {
  return queryInterface.sequelize.getDialect() === 'sqlite';
}

async function run({ queryInterface, transaction }: Context, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await queryInterface.sequelize.query(statement, { transaction });
}
