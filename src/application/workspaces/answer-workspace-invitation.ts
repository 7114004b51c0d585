/** Accepts or declines an invitation to a workspace. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { workspaceInvitationFacts, workspaceMemberFacts } from '#domain/workspaces/audit-facts.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import { mayGive } from '#domain/workspaces/policy.ts';
import type { WorkspaceMember } from '#domain/workspaces/workspace.ts';
import type { Secrets, Users } from '../identity/ports.ts';
import type { AuditEntries, AuditEntry, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import { accept, endsByDeclining, invitationFor } from '../shared/invitations/acceptance.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceInvitations, WorkspaceMembers } from './ports.ts';
import { getWorkspaceMember } from './workspace-access.ts';

type Repos = Readonly<{
  users: Pick<Users, 'find'>;
  workspaceMembers: Pick<WorkspaceMembers, 'find' | 'add'>;
  workspaceInvitations: Pick<WorkspaceInvitations, 'findByDigest' | 'use' | 'revoke'>;
  audit: AuditLog;
}>;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  audit: AuditEntries;
  secrets: Pick<Secrets, 'digest'>;
  clock: Clock;
}>;

export type WorkspaceInvitationAnswer = Readonly<{ code: string; answer: 'accept' | 'decline' }>;

/** Who answers, when, and what the audit will have of it. */
type Answered = Readonly<{ userId: UserId; now: Date; entry: AuditEntry }>;

export class AnswerWorkspaceInvitation {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Accepting makes the actor a member and returns the member; declining returns null: both as in `AnswerInvitation`.
   *
   * Throws 404 `invitation_not_found`, `invitation_for_another`. Accepting also throws 409 `invitation_used_up`; 410
   * `invitation_over` if the invitation has expired or was revoked, or its inviter may no longer give that role.
   */
  async execute(actor: UserActor, { code, answer }: WorkspaceInvitationAnswer): Promise<WorkspaceMember | null> {
    const { unitOfWork, audit, secrets, clock } = this.#deps;
    const action = answer === 'accept' ? 'workspace_invitations.accept' : 'workspace_invitations.decline';
    const entry = audit.by(actor, { action, subject: null });
    const answered = { userId: actor.userId, now: clock.now(), entry };
    const digest = secrets.digest(code);
    return unitOfWork.run(async (repos) => {
      const { users, workspaceInvitations: invitations } = repos;
      const invitation = await invitationFor({ users, invitations }, actor.userId, digest);
      if (answer === 'accept') return join(repos, invitation, answered);
      await decline(repos, invitation, answered);
      return null;
    });
  }
}

function join(repos: Repos, invitation: WorkspaceInvitation, answered: Answered): Promise<WorkspaceMember> {
  const { id, workspaceId, role } = invitation;
  const { userId, now, entry } = answered;
  return accept(invitation, now, {
    findMember: () => repos.workspaceMembers.find(workspaceId, userId),
    inviterStillMay: () => inviterStillMay(repos, invitation),
    use: () => repos.workspaceInvitations.use(id),
    join: async () => {
      await repos.workspaceMembers.add({ workspaceId, userId, role, joinedAt: now });
      const after = { invitation_id: id, ...workspaceMemberFacts({ userId, role }) };
      await repos.audit.add({ ...entry, subject: `workspace:${workspaceId}`, after });
      return getWorkspaceMember(repos, workspaceId, userId);
    },
  });
}

async function decline(repos: Repos, invitation: WorkspaceInvitation, { now, entry }: Answered): Promise<void> {
  if (!endsByDeclining(invitation)) return;
  await repos.workspaceInvitations.revoke(invitation.id, now);
  const before = workspaceInvitationFacts(invitation);
  const after = workspaceInvitationFacts({ ...invitation, revokedAt: now });
  await repos.audit.add({ ...entry, subject: `workspace:${invitation.workspaceId}`, before, after });
}

/** Whether the inviter is active and may still give that role: their rights count when the invitation is accepted. */
async function inviterStillMay(
  { users, workspaceMembers }: Repos,
  { createdByUserId, workspaceId, role }: WorkspaceInvitation,
): Promise<boolean> {
  const inviter = createdByUserId === null ? undefined : await users.find(createdByUserId);
  if (inviter?.status !== 'active') return false;
  const member = await workspaceMembers.find(workspaceId, inviter.id);
  return member !== undefined && mayGive(member.role, role);
}
