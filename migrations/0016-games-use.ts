/** Custom roles gain `games.use`, which their holders did without until there was such a permission. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

/** The built-in roles get theirs from the code, at each start. */
export async function up({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, [
    "INSERT INTO permissions (name, description) VALUES ('games.use', '') ON CONFLICT (name) DO NOTHING",
    `INSERT INTO role_permissions (role, permission)
      SELECT name, 'games.use' FROM roles WHERE builtin = ${isSqlite(context) ? '0' : 'FALSE'}
      ON CONFLICT (role, permission) DO NOTHING`,
  ]);
}

/** The release before does not know the permission, in whichever role. */
export async function down({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, [
    "DELETE FROM role_permissions WHERE permission = 'games.use'",
    "DELETE FROM permissions WHERE name = 'games.use'",
  ]);
}

function isSqlite({ queryInterface }: Context): boolean {
  return queryInterface.sequelize.getDialect() === 'sqlite';
}

async function run({ queryInterface, transaction }: Context, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await queryInterface.sequelize.query(statement, { transaction });
}
