/** Whose answers are kept, and about whom; and no digest any more that could be searched for a password. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

const ADDED = [
  "ALTER TABLE idempotency_keys ADD COLUMN actor_id TEXT NOT NULL DEFAULT ''",
  'ALTER TABLE idempotency_keys ADD COLUMN subject_id TEXT',
  'CREATE INDEX idempotency_keys_by_actor ON idempotency_keys (actor_id)',
  'CREATE INDEX idempotency_keys_by_subject ON idempotency_keys (subject_id) WHERE subject_id IS NOT NULL',
  // Equal to the digest of no body: who sends such a request again is told so, and nothing happens twice.
  "UPDATE idempotency_keys SET body_digest = ''",
];
const REMOVED = [
  'DROP INDEX idempotency_keys_by_subject',
  'DROP INDEX idempotency_keys_by_actor',
  'ALTER TABLE idempotency_keys DROP COLUMN subject_id',
  'ALTER TABLE idempotency_keys DROP COLUMN actor_id',
];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  for (const statement of ADDED) await run(context, statement);
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  for (const statement of REMOVED) await run(context, statement);
}

async function run({ queryInterface, transaction }: Context, statement: string): Promise<void> {
  await queryInterface.sequelize.query(statement, { transaction });
}
