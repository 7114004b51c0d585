/** Deleted users whose ids still stand on messages that they wrote to others. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  // No foreign key: the users are gone.
  const statement = 'CREATE TABLE former_authors (user_id TEXT NOT NULL PRIMARY KEY)';
  await queryInterface.sequelize.query(statement, { transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  await queryInterface.sequelize.query('DROP TABLE former_authors', { transaction });
}
