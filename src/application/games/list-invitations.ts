/** Lists the invitations to a game, for its managers. */
import type { Invitation } from '#domain/games/invitation.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import type { InvitationCursor } from '../shared/invitations/ports.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import { type GameRepos, managedGame } from './game-access.ts';
import type { Invitations } from './ports.ts';

type Deps = Readonly<{ reads: GameRepos & Readonly<{ invitations: Pick<Invitations, 'list'> }> }>;

export class ListInvitations {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page, newest first, including expired, revoked and used-up ones. Throws 404 `game_not_found`; 403
   * `gm_required`.
   */
  async execute(
    actor: UserActor,
    id: GameId,
    page: PageRequest<InvitationCursor>,
  ): Promise<Page<Invitation, InvitationCursor>> {
    const { reads } = this.#deps;
    await managedGame(reads, actor, id);
    return reads.invitations.list(id, page);
  }
}
