/**
 * Workspaces, which own games, sources and conversations. Everything that there is comes into the first, "Home": its
 * members are all users, so that it needs no rows for them.
 */
import { type QueryInterface, QueryTypes, type Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

const HOME = 'wsp_home';
const OWNED = ['games', 'sources', 'threads'];

const TABLES = [
  `CREATE TABLE workspaces (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    created_at BIGINT NOT NULL
  )`,
  'CREATE INDEX workspaces_by_creator ON workspaces (created_by_user_id)',
  `CREATE TABLE workspace_members (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE ON UPDATE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    role TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
  )`,
  'CREATE INDEX workspace_members_by_user ON workspace_members (user_id, joined_at, workspace_id)',
  `CREATE TABLE workspace_invitations (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE ON UPDATE CASCADE,
    digest TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    email TEXT,
    max_uses INTEGER NOT NULL CHECK (max_uses > 0),
    uses INTEGER NOT NULL CHECK (uses >= 0 AND uses <= max_uses),
    created_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
  )`,
  'CREATE INDEX workspace_invitations_by_workspace ON workspace_invitations (workspace_id, created_at, id)',
  'CREATE INDEX workspace_invitations_by_creator ON workspace_invitations (created_by_user_id)',
];

/** As old as the first user. */
const OPEN_HOME = `INSERT INTO workspaces (id, name, created_by_user_id, created_at)
  SELECT '${HOME}', 'Home', NULL, COALESCE(MIN(created_at), :now) FROM users`;

/** SQLite adds no column that refers to another table and may not be null. */
const COLUMNS = [
  ...OWNED.flatMap((table) => [
    `ALTER TABLE ${table} ADD COLUMN workspace_id TEXT REFERENCES workspaces (id) ON UPDATE CASCADE`,
    `UPDATE ${table} SET workspace_id = '${HOME}'`,
  ]),
  // A token outlives the workspace to which it was bound, and opens nothing then.
  'ALTER TABLE api_tokens ADD COLUMN workspace_id TEXT',
  // Titles are unique in a workspace; the key has them as a JSON list.
  `UPDATE sources SET title_key = '["${HOME}",' || substr(title_key, 2)`,
];

const INDEXES = [
  'DROP INDEX games_by_time',
  'CREATE INDEX games_by_time ON games (workspace_id, created_at, id)',
  'DROP INDEX sources_by_time',
  'CREATE INDEX sources_by_time ON sources (workspace_id, created_at, id)',
  // Partial: an append to a thread of Home does not touch it.
  `CREATE INDEX threads_by_workspace ON threads (workspace_id) WHERE workspace_id <> '${HOME}'`,
];

/** The key of a source is `["wsp_home",…` or, without a workspace, `[…`. */
const TAKE_BACK = [
  'DROP INDEX threads_by_workspace',
  'DROP INDEX sources_by_time',
  'DROP INDEX games_by_time',
  `UPDATE sources SET title_key = '[' || substr(title_key, ${HOME.length + 5})`,
  ...[...OWNED, 'api_tokens'].map((table) => `ALTER TABLE ${table} DROP COLUMN workspace_id`),
  'CREATE INDEX sources_by_time ON sources (created_at, id)',
  'CREATE INDEX games_by_time ON games (created_at, id)',
  'DROP TABLE workspace_invitations',
  'DROP TABLE workspace_members',
  'DROP TABLE workspaces',
  "DELETE FROM role_permissions WHERE permission = 'workspaces.create'",
  "DELETE FROM permissions WHERE name = 'workspaces.create'",
];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  await run(context, TABLES);
  await queryInterface.sequelize.query(OPEN_HOME, { replacements: { now: Date.now() }, transaction });
  await run(context, [...COLUMNS, ...INDEXES]);
}

/** Throws where there is more than Home: the release before would show everything in it to everybody. */
export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  const others = `SELECT id FROM workspaces WHERE id <> '${HOME}' LIMIT 1`;
  const found = await queryInterface.sequelize.query(others, { type: QueryTypes.SELECT, transaction });
  if (found.length > 0) throw new Error('There are workspaces beside Home. Empty and delete them first.');
  await run(context, TAKE_BACK);
}

async function run({ queryInterface, transaction }: Context, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await queryInterface.sequelize.query(statement, { transaction });
}
