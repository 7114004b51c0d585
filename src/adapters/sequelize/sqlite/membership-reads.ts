/** Who is what in a game, as it is looked up outside a unit of work: a prepared statement on the reader connection. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { MembershipReads } from '#application/games/ports.ts';
import type { GameRole } from '#domain/games/game.ts';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import { one, reading } from './reading.ts';

export class SqliteMembershipReads implements MembershipReads {
  readonly #role: StatementSync;

  constructor(reader: DatabaseSync) {
    this.#role = reader.prepare('SELECT role_in_game FROM game_members WHERE game_id = ? AND user_id = ?');
  }

  findRole(gameId: GameId, userId: UserId): Promise<GameRole | undefined> {
    return reading(() => one<{ role_in_game: GameRole }>(this.#role, gameId, userId)?.role_in_game);
  }
}
