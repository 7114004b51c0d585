/** Lists who is in a game, for those who may know of it. */
import type { Member } from '#domain/games/game.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import type { Page } from '../shared/page.ts';
import { visibleGame } from './game-access.ts';
import type { Games, MemberCursor, Memberships } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{ games: Pick<Games, 'find'>; memberships: Pick<Memberships, 'findRole' | 'list'> }>;
}>;

export class ListMembers {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** In the order in which they joined. Throws 404 `game_not_found`. */
  async execute(
    actor: UserActor,
    id: GameId,
    page: Readonly<{ limit: number; cursor?: MemberCursor }>,
  ): Promise<Page<Member, MemberCursor>> {
    const { reads } = this.#deps;
    await visibleGame(reads, actor, id);
    return reads.memberships.list(id, page);
  }
}
