/** What happened in games, for their members; and what those own who left games goes to who stayed. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const boolean = context.queryInterface.sequelize.getDialect() === 'sqlite' ? 'TINYINT(1)' : 'BOOLEAN';
  await run(context, [
    `CREATE TABLE game_events (
      id TEXT NOT NULL PRIMARY KEY,
      game_id TEXT NOT NULL REFERENCES games (id) ON DELETE CASCADE ON UPDATE CASCADE,
      at BIGINT NOT NULL,
      kind TEXT NOT NULL,
      user_id TEXT REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
      role_in_game TEXT,
      by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
      by_manager ${boolean} NOT NULL
    )`,
    'CREATE INDEX game_events_by_game ON game_events (game_id, at, id)',
    'CREATE INDEX game_events_by_user ON game_events (user_id)',
    'CREATE INDEX game_events_by_actor ON game_events (by_user_id)',
    // Until now, who left a game went on reading what was said in the threads that they had there.
    `UPDATE threads SET version = version + 1, owner_id = (${firstGm('user_id')})
      WHERE game_id IS NOT NULL AND EXISTS (${firstGm('1')}) AND NOT EXISTS (
        SELECT 1 FROM game_members WHERE game_id = threads.game_id AND user_id = threads.owner_id)`,
  ]);
}

/** Threads stay where they are: nobody knows any more whose they were. */
export async function down({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, ['DROP TABLE game_events']);
}

const firstGm = (what: string) => `
  SELECT ${what} FROM game_members WHERE game_members.game_id = threads.game_id AND role_in_game = 'gm'
  ORDER BY joined_at, user_id LIMIT 1`;

async function run({ queryInterface, transaction }: Context, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await queryInterface.sequelize.query(statement, { transaction });
}
