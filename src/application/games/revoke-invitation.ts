/** Revokes an invitation, so that its code cannot be used any more. */
import { invitationFacts } from '#domain/games/audit-facts.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId, InvitationId } from '#domain/shared/ids.ts';
import { invitationErrors } from '#domain/shared/invitation.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { managedGame } from './game-access.ts';
import type { Games, Invitations, MembershipReads } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    games: Games;
    memberships: MembershipReads;
    invitations: Invitations;
    audit: AuditLog;
  }>;
  audit: AuditEntries;
  clock: Clock;
}>;

export class RevokeInvitation {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Does nothing if it was revoked before. Throws 404 `game_not_found`, `invitation_not_found`; 403 `gm_required`. */
  async execute(actor: UserActor, gameId: GameId, id: InvitationId): Promise<void> {
    const { unitOfWork, audit, clock } = this.#deps;
    const now = clock.now();
    const entry = audit.by(actor, { action: 'invitations.revoke', subject: `game:${gameId}` });
    await unitOfWork.run(async (repos) => {
      await managedGame(repos, actor, gameId);
      const invitation = await repos.invitations.find(gameId, id);
      if (invitation === undefined) throw invitationErrors.invitationNotFound();
      if (invitation.revokedAt !== null) return;
      await repos.invitations.revoke(id, now);
      const [before, after] = [invitationFacts(invitation), invitationFacts({ ...invitation, revokedAt: now })];
      await repos.audit.add({ ...entry, before, after });
    });
  }
}
