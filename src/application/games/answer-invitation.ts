/** Accepts or declines an invitation. */
import { gameErrors } from '#domain/games/errors.ts';
import type { Member } from '#domain/games/game.ts';
import { checkAddressee, type Invitation, isOver } from '#domain/games/invitation.ts';
import { MANAGE_GAMES, mayInvite } from '#domain/games/policy.ts';
import type { Actor } from '#domain/shared/actor.ts';
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
   * Accepting makes the actor a member and returns the member. An actor who is a member already keeps their role and
   * uses up nothing. Declining returns null: it revokes an invitation that is bound to the actor's e-mail address, and
   * does nothing to one that others can use too.
   *
   * Throws 404 `invitation_not_found`, `invitation_for_another`. Accepting also throws 409 `invitation_used_up`; 410
   * `invitation_over` if the invitation has expired or was revoked, or its inviter may no longer invite to that role.
   */
  async execute(actor: Actor, { code, answer }: InvitationAnswer): Promise<Member | null> {
    const now = this.#deps.clock.now();
    return this.#deps.unitOfWork.run(async (repos) => {
      const invitation = await this.#invitationFor(repos, actor, code);
      if (answer === 'accept') return this.#accept(repos, actor, invitation, now);
      await this.#decline(repos, actor, invitation, now);
      return null;
    });
  }

  async #accept(repos: Repos, actor: Actor, invitation: Invitation, now: Date): Promise<Member> {
    const member = await repos.memberships.find(invitation.gameId, actor.userId);
    if (member !== undefined) return member;
    if (isOver(invitation, now) || !(await inviterStillMay(repos, invitation))) throw gameErrors.invitationOver();
    if (!(await repos.invitations.use(invitation.id))) throw gameErrors.invitationUsedUp();
    return this.#join(repos, actor, invitation, now);
  }

  async #decline(repos: Repos, actor: Actor, { id, gameId, email, revokedAt }: Invitation, now: Date): Promise<void> {
    if (email === null || revokedAt !== null) return;
    await repos.invitations.revoke(id, now);
    const entry = { action: 'invitations.decline', subject: `game:${gameId}`, after: { id } };
    await repos.audit.add(this.#deps.audit.by(actor, entry));
  }

  async #invitationFor(repos: Repos, actor: Actor, code: string): Promise<Invitation> {
    const invitation = await repos.invitations.findByDigest(this.#deps.secrets.digest(code));
    if (invitation === undefined) throw gameErrors.invitationNotFound();
    const user = await repos.users.find(actor.userId);
    checkAddressee(invitation, user?.email ?? '');
    return invitation;
  }

  async #join(repos: Repos, actor: Actor, invitation: Invitation, now: Date): Promise<Member> {
    const { id, gameId, roleInGame } = invitation;
    await repos.memberships.add({ gameId, userId: actor.userId, roleInGame, joinedAt: now });
    const after = { invitation: id, user_id: actor.userId, role_in_game: roleInGame };
    await repos.audit.add(
      this.#deps.audit.by(actor, { action: 'invitations.accept', subject: `game:${gameId}`, after }),
    );
    return getMember(repos.memberships, gameId, actor.userId);
  }
}

/**
 * Whether the inviter is active and may still invite to that role: their rights count when the invitation is accepted.
 */
async function inviterStillMay(repos: Repos, invitation: Invitation): Promise<boolean> {
  if (invitation.createdByUserId === null) return false;
  const inviter = await repos.users.find(invitation.createdByUserId);
  if (inviter?.status !== 'active') return false;
  const role = await repos.memberships.findRole(invitation.gameId, inviter.id);
  return mayInvite(role, await managesGames(repos, inviter.roles), invitation.roleInGame);
}

async function managesGames(repos: Repos, roles: readonly string[]): Promise<boolean> {
  for (const name of roles) if ((await repos.roles.find(name))?.permissions.includes(MANAGE_GAMES)) return true;
  return false;
}
