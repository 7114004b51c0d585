/** Reads one game, for users who may see it. */
import type { SeenGame } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import { type GameRepos, visibleGame } from './game-access.ts';

type Deps = Readonly<{ reads: GameRepos }>;

export class ReadGame {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `game_not_found` unless the actor is a member or holds `games.manage`. */
  async execute(actor: UserActor, id: GameId): Promise<SeenGame> {
    return visibleGame(this.#deps.reads, actor, id);
  }
}
