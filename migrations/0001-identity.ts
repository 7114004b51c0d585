/** Users, their password hashes and roles, and what roles permit. Times are milliseconds since 1970. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

const TABLES = ['password_hashes', 'user_roles', 'users', 'role_permissions', 'permissions', 'roles'];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  const boolean = sequelize.getDialect() === 'sqlite' ? 'TINYINT(1)' : 'BOOLEAN';
  const statements = [
    `CREATE TABLE roles (
      name TEXT NOT NULL PRIMARY KEY,
      description TEXT NOT NULL,
      builtin ${boolean} NOT NULL
    )`,
    `CREATE TABLE permissions (
      name TEXT NOT NULL PRIMARY KEY,
      description TEXT NOT NULL
    )`,
    `CREATE TABLE role_permissions (
      role TEXT NOT NULL REFERENCES roles (name) ON DELETE CASCADE ON UPDATE CASCADE,
      permission TEXT NOT NULL REFERENCES permissions (name) ON DELETE CASCADE ON UPDATE CASCADE,
      PRIMARY KEY (role, permission)
    )`,
    `CREATE TABLE users (
      id TEXT NOT NULL PRIMARY KEY,
      email TEXT NOT NULL UNIQUE,
      username TEXT,
      username_key TEXT UNIQUE,
      display_name TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
      session_epoch INTEGER NOT NULL,
      created_at BIGINT NOT NULL,
      CHECK ((username IS NULL) = (username_key IS NULL))
    )`,
    `CREATE TABLE user_roles (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      role TEXT NOT NULL REFERENCES roles (name) ON UPDATE CASCADE,
      PRIMARY KEY (user_id, role)
    )`,
    'CREATE INDEX user_roles_by_role ON user_roles (role)',
    `CREATE TABLE password_hashes (
      user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      hash TEXT NOT NULL
    )`,
  ];
  for (const statement of statements) await sequelize.query(statement, { transaction: context.transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  for (const table of TABLES) await queryInterface.sequelize.query(`DROP TABLE ${table}`, { transaction });
}
