/** Which role a user has in a game, as it is looked up outside a unit of work. */
import type { MembershipReads } from '#application/games/ports.ts';
import type { GameRole } from '#domain/games/game.ts';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import type { Queries } from '../shared/queries.ts';
import { statement } from '../shared/statement.ts';

const ROLE_IN_GAME = statement(
  'role-in-game',
  { game: 'text', user: 'text' },
  'SELECT role_in_game FROM game_members WHERE game_id = :game AND user_id = :user',
  (row: { role_in_game: string }) => row.role_in_game as GameRole,
);

export class PreparedMembershipReads implements MembershipReads {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  findRole(gameId: GameId, userId: UserId): Promise<GameRole | undefined> {
    return this.#queries.one(ROLE_IN_GAME, { game: gameId, user: userId });
  }
}
