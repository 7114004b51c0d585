/** Lists the actor's games, or all games. */
import { MANAGE_GAMES, type SeenGame } from '#domain/games/policy.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Page } from '../shared/page.ts';
import type { GameCursor, Games } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ games: Pick<Games, 'list'> }> }>;

export class ListGames {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns a page, newest first. If `all` is set, throws 403 without `games.manage`. */
  async execute(
    actor: UserActor,
    page: Readonly<{ all: boolean; limit: number; cursor?: GameCursor }>,
  ): Promise<Page<SeenGame, GameCursor>> {
    if (page.all) requirePermission(actor, MANAGE_GAMES);
    return this.#deps.reads.games.list(actor.userId, page);
  }
}
