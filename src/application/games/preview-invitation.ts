/** Shows the holder of an invitation's code which game it is for. Needs no signed-in user. */
import type { Game } from '#domain/games/game.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import { invitationErrors, isOpen } from '#domain/shared/invitation.ts';
import type { Secrets } from '../identity/ports.ts';
import type { Clock } from '../shared/clock.ts';
import type { Games, Invitations } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{ games: Pick<Games, 'find'>; invitations: Pick<Invitations, 'findByDigest'> }>;
  secrets: Pick<Secrets, 'digest'>;
  clock: Clock;
}>;

export class PreviewInvitation {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `invitation_not_found` if there is none, or it cannot be used any more. */
  async execute(code: string): Promise<Readonly<{ game: Game; invitation: Invitation }>> {
    const { reads, secrets, clock } = this.#deps;
    const invitation = await reads.invitations.findByDigest(secrets.digest(code));
    if (invitation === undefined || !isOpen(invitation, clock.now())) throw invitationErrors.invitationNotFound();
    const game = await reads.games.find(invitation.gameId);
    if (game === undefined) throw invitationErrors.invitationNotFound();
    return { game, invitation };
  }
}
