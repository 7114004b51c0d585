/** Sources, and the licences that users have to them. Times are milliseconds since 1970. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

const TABLES = ['source_access', 'sources'];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  const boolean = sequelize.getDialect() === 'sqlite' ? 'TINYINT(1)' : 'BOOLEAN';
  const statements = [
    `CREATE TABLE sources (
      id TEXT NOT NULL PRIMARY KEY,
      title TEXT NOT NULL,
      publisher TEXT,
      edition TEXT,
      description TEXT,
      included ${boolean} NOT NULL,
      title_key TEXT NOT NULL UNIQUE,
      created_at BIGINT NOT NULL
    )`,
    'CREATE INDEX sources_by_time ON sources (created_at, id)',
    `CREATE TABLE source_access (
      source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE ON UPDATE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      type TEXT NOT NULL CHECK (type IN ('included', 'alacarte', 'trial')),
      valid_from BIGINT NOT NULL,
      expires_at BIGINT,
      granted_at BIGINT NOT NULL,
      revoked_at BIGINT,
      trial_used ${boolean} NOT NULL,
      PRIMARY KEY (source_id, user_id),
      CHECK (expires_at IS NULL OR expires_at > valid_from),
      CHECK (type <> 'trial' OR expires_at IS NOT NULL)
    )`,
    'CREATE INDEX source_access_by_user ON source_access (user_id, source_id)',
  ];
  for (const statement of statements) await sequelize.query(statement, { transaction: context.transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  for (const table of TABLES) await queryInterface.sequelize.query(`DROP TABLE ${table}`, { transaction });
}
