/** Lists what happened in a game, for users who may see it. */
import type { NamedGameEvent } from '#domain/games/game-event.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import { type GameRepos, visibleGame } from './game-access.ts';
import type { GameEventCursor, GameEvents } from './ports.ts';

type Deps = Readonly<{ reads: GameRepos & Readonly<{ gameEvents: Pick<GameEvents, 'list'> }> }>;

export class ListGameEvents {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Returns a page, newest first. Throws 403 without `games.use`; 404 `game_not_found`. */
  async execute(
    actor: UserActor,
    id: GameId,
    page: PageRequest<GameEventCursor>,
  ): Promise<Page<NamedGameEvent, GameEventCursor>> {
    const { reads } = this.#deps;
    await visibleGame(reads, actor, id);
    return reads.gameEvents.list(id, page);
  }
}
