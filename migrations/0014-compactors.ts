/** Who compacted a window by hand, for as long as they are users. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  const statements = [
    // A table of its own: a column would stand behind the long one of revisions, and be null in most.
    `CREATE TABLE compactors (
      thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE ON UPDATE CASCADE,
      revision INTEGER NOT NULL,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      PRIMARY KEY (thread_id, revision)
    )`,
    'CREATE INDEX compactors_by_user ON compactors (user_id)',
  ];
  for (const statement of statements) await queryInterface.sequelize.query(statement, { transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  await queryInterface.sequelize.query('DROP TABLE compactors', { transaction });
}
