/** Refuses whoever could not invite to a game now: for the answer to an invitation that they made before. */
import type { GameRole } from '#domain/games/game.ts';
import { requireInviter } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import { type GameRepos, visibleGame } from './game-access.ts';

type Deps = Readonly<{ reads: GameRepos }>;

export class CheckInviter {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws what `InviteToGame` throws. */
  async execute(actor: UserActor, gameId: GameId, roleInGame: GameRole): Promise<void> {
    requireInviter(await visibleGame(this.#deps.reads, actor, gameId), actor, roleInGame);
  }
}
