/** When the grant of a linked account was last tried, and an index of those that can be. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  const statements = [
    'ALTER TABLE oauth_accounts ADD COLUMN checked_at BIGINT',
    'CREATE INDEX oauth_accounts_by_check ON oauth_accounts (checked_at) WHERE refresh_token IS NOT NULL',
  ];
  for (const statement of statements) await sequelize.query(statement, { transaction: context.transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  const statements = ['DROP INDEX oauth_accounts_by_check', 'ALTER TABLE oauth_accounts DROP COLUMN checked_at'];
  for (const statement of statements) await sequelize.query(statement, { transaction: context.transaction });
}
