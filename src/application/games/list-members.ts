/** Lists the members of a game, for users who may see it. */
import type { Member } from '#domain/games/game.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import type { Page, PageRequest } from '../shared/page.ts';
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

  /** Returns a page in the order in which the members joined. Throws 404 `game_not_found`. */
  async execute(actor: UserActor, id: GameId, page: PageRequest<MemberCursor>): Promise<Page<Member, MemberCursor>> {
    const { reads } = this.#deps;
    await visibleGame(reads, actor, id);
    return reads.memberships.list(id, page);
  }
}
