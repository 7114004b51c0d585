/** The permission `jobs.manage`: nobody had it, and no custom role gains it, as it changes what is not its holder's. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

/** The built-in roles get theirs from the code, at each start, and the permission with them. */
export async function up(): Promise<void> {}

/** The release before does not know the permission, in whichever role. */
export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  for (const statement of [
    "DELETE FROM role_permissions WHERE permission = 'jobs.manage'",
    "DELETE FROM permissions WHERE name = 'jobs.manage'",
  ])
    await queryInterface.sequelize.query(statement, { transaction });
}
