/** Who is what in a game, as it is looked up outside a unit of work: a prepared statement on the pool. */
import type pg from 'pg';
import type { MembershipReads } from '#application/games/ports.ts';
import type { GameRole } from '#domain/games/game.ts';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import { one } from './reading.ts';

const ROLE_IN = {
  name: 'role-in-game',
  text: 'SELECT role_in_game FROM game_members WHERE game_id = $1 AND user_id = $2',
};

export class PostgresMembershipReads implements MembershipReads {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async findRole(gameId: GameId, userId: UserId): Promise<GameRole | undefined> {
    return (await one<{ role_in_game: GameRole }>(this.#pool, ROLE_IN, gameId, userId))?.role_in_game;
  }
}
