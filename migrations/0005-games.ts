/** Games, who is in them, and invitations to them; threads may belong to a game. Times are milliseconds since 1970. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const role = "role_in_game TEXT NOT NULL CHECK (role_in_game IN ('gm', 'player'))";
  const statements = [
    `CREATE TABLE games (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      description TEXT,
      created_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
      created_at BIGINT NOT NULL
    )`,
    'CREATE INDEX games_by_time ON games (created_at, id)',
    'CREATE INDEX games_by_creator ON games (created_by_user_id)',
    `CREATE TABLE game_members (
      game_id TEXT NOT NULL REFERENCES games (id) ON DELETE CASCADE ON UPDATE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      ${role},
      joined_at BIGINT NOT NULL,
      PRIMARY KEY (game_id, user_id)
    )`,
    'CREATE INDEX game_members_by_user ON game_members (user_id, game_id)',
    `CREATE TABLE game_invitations (
      id TEXT NOT NULL PRIMARY KEY,
      game_id TEXT NOT NULL REFERENCES games (id) ON DELETE CASCADE ON UPDATE CASCADE,
      digest TEXT NOT NULL UNIQUE,
      ${role},
      email TEXT,
      max_uses INTEGER NOT NULL CHECK (max_uses > 0),
      uses INTEGER NOT NULL CHECK (uses >= 0 AND uses <= max_uses),
      created_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      revoked_at BIGINT
    )`,
    'CREATE INDEX game_invitations_by_game ON game_invitations (game_id, created_at, id)',
    'CREATE INDEX game_invitations_by_creator ON game_invitations (created_by_user_id)',
    'ALTER TABLE threads ADD COLUMN game_id TEXT REFERENCES games (id) ON DELETE SET NULL ON UPDATE CASCADE',
    // Partial: an append to a thread without a game does not touch it.
    `CREATE INDEX threads_by_game ON threads (game_id, (COALESCE(last_message_at, created_at)), id)
      WHERE game_id IS NOT NULL`,
  ];
  await run(context, statements);
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, [
    'DROP INDEX threads_by_game',
    'ALTER TABLE threads DROP COLUMN game_id',
    'DROP TABLE game_invitations',
    'DROP TABLE game_members',
    'DROP TABLE games',
  ]);
}

async function run({ queryInterface, transaction }: Context, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await queryInterface.sequelize.query(statement, { transaction });
}
