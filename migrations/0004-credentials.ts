/** API tokens, and links to set a password. Times are milliseconds since 1970; of secrets there are digests alone. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

const TABLES = ['password_links', 'api_tokens'];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  const statements = [
    // Who revoked is no foreign key: the row keeps the id of a user who is gone.
    `CREATE TABLE api_tokens (
      id TEXT NOT NULL PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      name TEXT NOT NULL,
      prefix TEXT NOT NULL,
      digest TEXT NOT NULL UNIQUE,
      scopes TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      last_used_at BIGINT,
      usage_count BIGINT NOT NULL CHECK (usage_count >= 0),
      revoked_at BIGINT,
      revoked_by TEXT,
      CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
    )`,
    'CREATE INDEX api_tokens_by_user ON api_tokens (user_id, created_at, id)',
    `CREATE TABLE password_links (
      id TEXT NOT NULL PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      digest TEXT NOT NULL UNIQUE,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      ended_at BIGINT
    )`,
    'CREATE INDEX password_links_by_user ON password_links (user_id)',
  ];
  for (const statement of statements) await sequelize.query(statement, { transaction: context.transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  for (const table of TABLES) await queryInterface.sequelize.query(`DROP TABLE ${table}`, { transaction });
}
