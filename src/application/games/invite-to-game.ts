/** Creates an invitation to a game: a code that can be used a limited number of times until it expires. */
import { invitationFacts } from '#domain/games/audit-facts.ts';
import type { GameRole } from '#domain/games/game.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import { requireInviter } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import type { Secrets } from '../identity/ports.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { IdempotencyKeys, ToStoredResponse } from '../shared/idempotency.ts';
import type { Ids } from '../shared/ids.ts';
import { newTerms, type TermsInput } from '../shared/invitations/new-terms.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { visibleGame } from './game-access.ts';
import type { Games, Invitations, MembershipReads } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    games: Games;
    memberships: MembershipReads;
    invitations: Invitations;
    audit: AuditLog;
    idempotency: IdempotencyKeys;
  }>;
  audit: AuditEntries;
  secrets: Secrets;
  clock: Clock;
  ids: Ids;
}>;

export type InviteToGameInput = TermsInput & Readonly<{ roleInGame: GameRole }>;

/** The only place where `code` appears: afterwards only its digest is stored. */
export type Invited = Readonly<{ invitation: Invitation; code: string }>;

export class InviteToGame {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 404 `game_not_found`; 403 `gm_required` for an ordinary member, and for a role that the actor may not invite
   * to. `toStoredResponse` receives the invitation without its code.
   */
  async execute(
    actor: UserActor,
    gameId: GameId,
    { roleInGame, ...input }: InviteToGameInput,
    toStoredResponse?: ToStoredResponse<Invitation>,
  ): Promise<Invited> {
    const { unitOfWork, audit } = this.#deps;
    const { terms, code } = newTerms(this.#deps, actor, input);
    const invitation: Invitation = { ...terms, gameId, roleInGame };
    const entry = audit.by(actor, {
      action: 'invitations.create',
      subject: `game:${gameId}`,
      after: invitationFacts(invitation),
    });
    await unitOfWork.run(async (repos) => {
      requireInviter(await visibleGame(repos, actor, gameId), actor, roleInGame);
      await repos.invitations.add(invitation);
      await repos.audit.add(entry);
      if (toStoredResponse !== undefined) await repos.idempotency.add(toStoredResponse(invitation));
    });
    return { invitation, code };
  }
}
