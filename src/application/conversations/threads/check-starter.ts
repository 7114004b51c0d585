/** Refuses whoever could not start a conversation now: for the answer about one that they started before. */
import type { Memberships } from '#application/games/ports.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';

type Deps = Readonly<{ reads: Readonly<{ memberships: Pick<Memberships, 'getRole'> }> }>;

export class CheckStarter {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `chat.use`; 404 `game_not_found` if the actor is not a member of the game, if there is one. */
  async execute(actor: UserActor, gameId: GameId | null): Promise<void> {
    requirePermission(actor, 'chat.use');
    if (gameId !== null) await this.#deps.reads.memberships.getRole(gameId, actor.userId);
  }
}
