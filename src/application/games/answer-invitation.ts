/** Accepts or declines an invitation. */
import { invitationFacts, memberFacts } from '#domain/games/audit-facts.ts';
import { gameErrors } from '#domain/games/errors.ts';
import type { Member } from '#domain/games/game.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import { MANAGE_GAMES, mayInvite, USE_GAMES } from '#domain/games/policy.ts';
import type { Role } from '#domain/identity/permissions.ts';
import { isMemberOf, requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { GameEventId, GameId, UserId } from '#domain/shared/ids.ts';
import { permissionsAddedBy } from '#domain/shared/workspace-rights.ts';
import type { Roles, Secrets, Users } from '../identity/ports.ts';
import type { AuditEntries, AuditEntry, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { Ids } from '../shared/ids.ts';
import { accept, endsByDeclining, invitationFor } from '../shared/invitations/acceptance.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceMembers } from '../workspaces/ports.ts';
import { getMember } from './member-access.ts';
import type { GameEvents, Games, Invitations, Memberships } from './ports.ts';

type Repos = Readonly<{
  users: Pick<Users, 'find'>;
  roles: Pick<Roles, 'find'>;
  workspaceMembers: Pick<WorkspaceMembers, 'find'>;
  games: Pick<Games, 'find'>;
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
   * Throws 403 without `games.use`; 404 `invitation_not_found`, `invitation_for_another`, `invitation_for_members`.
   * Accepting also throws 403 `self_membership` if the actor is the inviter; 409 `invitation_used_up`; 410
   * `invitation_over` if the invitation has expired or was revoked, or its inviter may no longer invite to that role.
   */
  async execute(actor: UserActor, { code, answer }: InvitationAnswer): Promise<Member | null> {
    requirePermission(actor, USE_GAMES);
    const { unitOfWork, audit, secrets, clock, ids } = this.#deps;
    const action = answer === 'accept' ? 'invitations.accept' : 'invitations.decline';
    const entry = audit.by(actor, { action, subject: null });
    const answered = { userId: actor.userId, now: clock.now(), eventId: ids.next('gameEvent'), entry };
    const digest = secrets.digest(code);
    return unitOfWork.run(async (repos) => {
      const invitation = await invitationFor(repos, actor.userId, digest);
      await checkWorkspace(repos, invitation, actor);
      if (answer === 'accept') return acceptInvitation(repos, invitation, answered);
      await decline(repos, invitation, answered);
      return null;
    });
  }
}

async function acceptInvitation(repos: Repos, invitation: Invitation, answered: Answered): Promise<Member> {
  return accept(invitation, answered.now, {
    findMember: () => repos.memberships.find(invitation.gameId, answered.userId),
    inviterStillMay: () => inviterStillMay(repos, invitation),
    use: async () => {
      // Who may invite and is no member is a manager of all games, who stays outside.
      if (invitation.createdByUserId === answered.userId) throw gameErrors.selfMembership();
      return repos.invitations.use(invitation.id);
    },
    join: () => join(repos, invitation, answered),
  });
}

/** Throws 404 `invitation_for_members` unless the actor is a member of the game's workspace, now and in this unit. */
async function checkWorkspace(repos: Repos, { gameId }: Invitation, actor: UserActor): Promise<void> {
  const game = await repos.games.find(gameId);
  const member = game && (await repos.workspaceMembers.find(game.workspaceId, actor.userId));
  if (member === undefined || !isMemberOf(actor, member.workspaceId)) throw gameErrors.invitationForMembers();
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
  if (!endsByDeclining(invitation)) return;
  await repos.invitations.revoke(invitation.id, now);
  const [before, after] = [invitationFacts(invitation), invitationFacts({ ...invitation, revokedAt: now })];
  await repos.audit.add({ ...entry, subject: `game:${invitation.gameId}`, before, after });
}

/**
 * Whether the inviter is active and may still invite to that role: their rights count when the invitation is accepted.
 */
async function inviterStillMay(repos: Repos, invitation: Invitation): Promise<boolean> {
  const { createdByUserId, gameId, roleInGame } = invitation;
  const inviter = createdByUserId === null ? undefined : await repos.users.find(createdByUserId);
  if (inviter?.status !== 'active') return false;
  const permissions = await permissionsBy(repos, inviter.roles);
  const added = await addedPermissions(repos, gameId, inviter.id);
  if (!permissions.includes(USE_GAMES) || added === null) return false;
  const role = await repos.memberships.findRole(gameId, inviter.id);
  return mayInvite(role, [...permissions, ...added].includes(MANAGE_GAMES), roleInGame);
}

async function permissionsBy(repos: Repos, names: readonly string[]): Promise<readonly string[]> {
  const roles: (Role | undefined)[] = [];
  for (const name of names) roles.push(await repos.roles.find(name));
  return roles.flatMap((role) => role?.permissions ?? []);
}

/** What a user's role in the game's workspace adds; null where they are no member of it. */
async function addedPermissions(repos: Repos, gameId: GameId, userId: UserId): Promise<readonly string[] | null> {
  const game = await repos.games.find(gameId);
  const member = game && (await repos.workspaceMembers.find(game.workspaceId, userId));
  return member === undefined ? null : permissionsAddedBy(member.role);
}
