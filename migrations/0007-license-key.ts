/** The encrypted licence key of a licence. Taking this back loses the keys, and nothing else. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context: { queryInterface, transaction } }: MigrationParams<Context>): Promise<void> {
  await queryInterface.sequelize.query('ALTER TABLE source_access ADD COLUMN license_key TEXT', { transaction });
}

export async function down({ context: { queryInterface, transaction } }: MigrationParams<Context>): Promise<void> {
  await queryInterface.sequelize.query('ALTER TABLE source_access DROP COLUMN license_key', { transaction });
}
