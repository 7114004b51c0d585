/** Accepts or declines an invitation. */
import { gameErrors } from '#domain/games/errors.ts';
import type { Member } from '#domain/games/game.ts';
import { checkAddressee, type Invitation, isOver } from '#domain/games/invitation.ts';
import { MANAGE_GAMES, mayInvite } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { Roles, Secrets, Users } from '../identity/ports.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { getMember } from './member-access.ts';
import type { Invitations, Memberships } from './ports.ts';

type Repos = Readonly<{
  users: Pick<Users, 'find'>;
  roles: Pick<Roles, 'find'>;
  memberships: Memberships;
  invitations: Invitations;
  audit: AuditLog;
}>;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  audit: AuditEntries;
  secrets: Pick<Secrets, 'digest'>;
  clock: Clock;
}>;

export type InvitationAnswer = Readonly<{ code: string; answer: 'accept' | 'decline' }>;

export class AnswerInvitation {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Accepting makes the actor a member, and answers the member. Who is one already stays what he is, and uses nothing. Declining ends an
   * invitation that is bound to the actor's address, and answers null; any other stays for those who want it. Throws 404
   * `invitation_not_found`, `invitation_for_another`; where it is accepted 409 `invitation_used_up`; 410 `invitation_over`
   * where it has expired, was taken back, or its inviter may not invite to that role any more.
   */
  async execute(actor: UserActor, { code, answer }: InvitationAnswer): Promise<Member | null> {
    const now = this.#deps.clock.now();
    return this.#deps.unitOfWork.run(async (repos) => {
      const invitation = await this.#invitationFor(repos, actor, code);
      if (answer === 'accept') return this.#accept(repos, actor, invitation, now);
      await this.#decline(repos, actor, invitation, now);
      return null;
    });
  }

  async #accept(repos: Repos, actor: UserActor, invitation: Invitation, now: Date): Promise<Member> {
    const member = await repos.memberships.find(invitation.gameId, actor.userId);
    if (member !== undefined) return member;
    if (isOver(invitation, now) || !(await inviterStillMay(repos, invitation))) throw gameErrors.invitationOver();
    if (!(await repos.invitations.use(invitation.id))) throw gameErrors.invitationUsedUp();
    return this.#join(repos, actor, invitation, now);
  }

  async #decline(
    repos: Repos,
    actor: UserActor,
    { id, gameId, email, revokedAt }: Invitation,
    now: Date,
  ): Promise<void> {
    if (email === null || revokedAt !== null) return;
    await repos.invitations.revoke(id, now);
    const entry = { action: 'invitations.decline', subject: `game:${gameId}`, after: { id } };
    await repos.audit.add(this.#deps.audit.by(actor, entry));
  }

  async #invitationFor(repos: Repos, actor: UserActor, code: string): Promise<Invitation> {
    const invitation = await repos.invitations.findByDigest(this.#deps.secrets.digest(code));
    if (invitation === undefined) throw gameErrors.invitationNotFound();
    const user = await repos.users.find(actor.userId);
    checkAddressee(invitation, user?.email ?? '');
    return invitation;
  }

  async #join(repos: Repos, actor: UserActor, invitation: Invitation, now: Date): Promise<Member> {
    const { id, gameId, roleInGame } = invitation;
    await repos.memberships.add({ gameId, userId: actor.userId, roleInGame, joinedAt: now });
    const after = { invitation: id, user_id: actor.userId, role_in_game: roleInGame };
    await repos.audit.add(
      this.#deps.audit.by(actor, { action: 'invitations.accept', subject: `game:${gameId}`, after }),
    );
    return getMember(repos.memberships, gameId, actor.userId);
  }
}

/** Whether whoever invited is active and may invite to that role at this moment. */
async function inviterStillMay(repos: Repos, invitation: Invitation): Promise<boolean> {
  if (invitation.createdByUserId === null) return false;
  const inviter = await repos.users.find(invitation.createdByUserId);
  if (inviter?.status !== 'active') return false;
  const role = await repos.memberships.roleIn(invitation.gameId, inviter.id);
  return mayInvite(role, await managesGames(repos, inviter.roles), invitation.roleInGame);
}

async function managesGames(repos: Repos, roles: readonly string[]): Promise<boolean> {
  for (const name of roles) if ((await repos.roles.find(name))?.permissions.includes(MANAGE_GAMES)) return true;
  return false;
}
