/** Accepts or declines an invitation. */
import { invitationFacts, memberFacts } from '#domain/games/audit-facts.ts';
import { gameErrors } from '#domain/games/errors.ts';
import type { Member } from '#domain/games/game.ts';
import { checkAddressee, type Invitation, isOver } from '#domain/games/invitation.ts';
import { MANAGE_GAMES, mayInvite, USE_GAMES } from '#domain/games/policy.ts';
import type { Role } from '#domain/identity/permissions.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { GameEventId, UserId } from '#domain/shared/ids.ts';
import type { Roles, Secrets, Users } from '../identity/ports.ts';
import type { AuditEntries, AuditEntry, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { Ids } from '../shared/ids.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import { getMember } from './member-access.ts';
import type { GameEvents, Invitations, Memberships } from './ports.ts';

type Repos = Readonly<{
  users: Pick<Users, 'find'>;
  roles: Pick<Roles, 'find'>;
  memberships: Memberships;
  invitations: Invitations;
  gameEvents: Pick<GameEvents, 'add'>;
  audit: AuditLog;
}>;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  audit: AuditEntries;
  secrets: Pick<Secrets, 'digest'>;
  clock: Clock;
  ids: Ids;
}>;

export type InvitationAnswer = Readonly<{ code: string; answer: 'accept' | 'decline' }>;

/** Who answers, when, and what the audit and the game's history will have of it. */
type Answered = Readonly<{ userId: UserId; now: Date; eventId: GameEventId; entry: AuditEntry }>;

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
   * Throws 403 without `games.use`; 404 `invitation_not_found`, `invitation_for_another`. Accepting also throws 403
   * `self_membership` if the actor is the inviter; 409 `invitation_used_up`; 410 `invitation_over` if the invitation
   * has expired or was revoked, or its inviter may no longer invite to that role.
   */
  async execute(actor: UserActor, { code, answer }: InvitationAnswer): Promise<Member | null> {
    requirePermission(actor, USE_GAMES);
    const { unitOfWork, audit, clock, ids } = this.#deps;
    const action = answer === 'accept' ? 'invitations.accept' : 'invitations.decline';
    const entry = audit.by(actor, { action, subject: null });
    const answered = { userId: actor.userId, now: clock.now(), eventId: ids.next('gameEvent'), entry };
    return unitOfWork.run(async (repos) => {
      const invitation = await this.#invitationFor(repos, actor.userId, code);
      if (answer === 'accept') return accept(repos, invitation, answered);
      await decline(repos, invitation, answered);
      return null;
    });
  }

  async #invitationFor(repos: Repos, userId: UserId, code: string): Promise<Invitation> {
    const invitation = await repos.invitations.findByDigest(this.#deps.secrets.digest(code));
    if (invitation === undefined) throw gameErrors.invitationNotFound();
    const user = await repos.users.find(userId);
    checkAddressee(invitation, user?.email ?? '');
    return invitation;
  }
}

async function accept(repos: Repos, invitation: Invitation, answered: Answered): Promise<Member> {
  const member = await repos.memberships.find(invitation.gameId, answered.userId);
  if (member !== undefined) return member;
  if (isOver(invitation, answered.now) || !(await inviterStillMay(repos, invitation)))
    throw gameErrors.invitationOver();
  // Who may invite and is no member is a manager of all games, who stays outside.
  if (invitation.createdByUserId === answered.userId) throw gameErrors.selfMembership();
  if (!(await repos.invitations.use(invitation.id))) throw gameErrors.invitationUsedUp();
  return join(repos, invitation, answered);
}

async function join(repos: Repos, invitation: Invitation, { userId, now, eventId, entry }: Answered): Promise<Member> {
  const { id, gameId, roleInGame, createdByUserId: byUserId } = invitation;
  await repos.memberships.add({ gameId, userId, roleInGame, joinedAt: now });
  const byManager = byUserId === null || (await repos.memberships.findRole(gameId, byUserId)) !== 'gm';
  const by = { id: eventId, at: now, byUserId, byManager };
  await repos.gameEvents.add({ ...by, gameId, kind: 'joined', userId, roleInGame });
  const after = { invitation_id: id, ...memberFacts({ userId, roleInGame }) };
  await repos.audit.add({ ...entry, subject: `game:${gameId}`, after });
  return getMember(repos.memberships, gameId, userId);
}

async function decline(repos: Repos, invitation: Invitation, { now, entry }: Answered): Promise<void> {
  if (invitation.email === null || invitation.revokedAt !== null) return;
  await repos.invitations.revoke(invitation.id, now);
  const [before, after] = [invitationFacts(invitation), invitationFacts({ ...invitation, revokedAt: now })];
  await repos.audit.add({ ...entry, subject: `game:${invitation.gameId}`, before, after });
}

/**
 * Whether the inviter is active and may still invite to that role: their rights count when the invitation is accepted.
 */
async function inviterStillMay(repos: Repos, invitation: Invitation): Promise<boolean> {
  if (invitation.createdByUserId === null) return false;
  const inviter = await repos.users.find(invitation.createdByUserId);
  if (inviter?.status !== 'active') return false;
  const role = await repos.memberships.findRole(invitation.gameId, inviter.id);
  const permissions = await permissionsBy(repos, inviter.roles);
  if (!permissions.includes(USE_GAMES)) return false;
  return mayInvite(role, permissions.includes(MANAGE_GAMES), invitation.roleInGame);
}

async function permissionsBy(repos: Repos, names: readonly string[]): Promise<readonly string[]> {
  const roles: (Role | undefined)[] = [];
  for (const name of names) roles.push(await repos.roles.find(name));
  return roles.flatMap((role) => role?.permissions ?? []);
}
