/** Lists the actor's games, or all games. */
import { MANAGE_GAMES, type SeenGame, USE_GAMES } from '#domain/games/policy.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Page } from '../shared/page.ts';
import type { GameCursor, Games } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ games: Pick<Games, 'list'> }> }>;

export class ListGames {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns a page, newest first. Throws 403 without `games.use` and, if `all` is set, without `games.manage`. */
  async execute(
    actor: UserActor,
    page: Readonly<{ all: boolean; limit: number; cursor?: GameCursor }>,
  ): Promise<Page<SeenGame, GameCursor>> {
    requirePermission(actor, USE_GAMES);
    if (page.all) requirePermission(actor, MANAGE_GAMES);
    return this.#deps.reads.games.list(actor.userId, page);
  }
}
