/** Answers kept under idempotency keys for a day. Times are milliseconds since 1970. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  const statements = [
    `CREATE TABLE idempotency_keys (
      key TEXT NOT NULL PRIMARY KEY,
      body_digest TEXT NOT NULL,
      answer TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    'CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at)',
  ];
  for (const statement of statements) await sequelize.query(statement, { transaction: context.transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  await queryInterface.sequelize.query('DROP TABLE idempotency_keys', { transaction });
}
