/** Accounts at providers of OpenID Connect that are linked to users. Times are milliseconds since 1970; refresh tokens are encrypted. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  const statements = [
    `CREATE TABLE oauth_accounts (
      id TEXT NOT NULL PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      provider TEXT NOT NULL,
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      email TEXT,
      refresh_token TEXT,
      linked_at BIGINT NOT NULL,
      last_used_at BIGINT NOT NULL,
      broken_at BIGINT,
      UNIQUE (issuer, subject)
    )`,
    'CREATE INDEX oauth_accounts_by_user ON oauth_accounts (user_id, linked_at, id)',
  ];
  for (const statement of statements) await sequelize.query(statement, { transaction: context.transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  await queryInterface.sequelize.query('DROP TABLE oauth_accounts', { transaction });
}
