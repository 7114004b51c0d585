/** The latest reply of the language model that has begun in a thread, and that alone may still be appended. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  await sequelize.query('ALTER TABLE threads ADD COLUMN reply_id TEXT', { transaction: context.transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  await sequelize.query('ALTER TABLE threads DROP COLUMN reply_id', { transaction: context.transaction });
}
