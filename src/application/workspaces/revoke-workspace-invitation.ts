/** Revokes an invitation to a workspace, so that its code cannot be used any more. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { InvitationId, WorkspaceId } from '#domain/shared/ids.ts';
import { invitationErrors } from '#domain/shared/invitation.ts';
import { workspaceInvitationFacts } from '#domain/workspaces/audit-facts.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceInvitations } from './ports.ts';
import { type MemberRepos, roleOfAdmin } from './workspace-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<
    MemberRepos & { workspaceInvitations: Pick<WorkspaceInvitations, 'find' | 'revoke'>; audit: AuditLog }
  >;
  audit: AuditEntries;
  clock: Clock;
}>;

export class RevokeWorkspaceInvitation {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Does nothing if it was revoked before. Throws 404 `workspace_not_found`, `invitation_not_found`; 403
   * `workspace_admin_required`.
   */
  async execute(actor: UserActor, workspaceId: WorkspaceId, id: InvitationId): Promise<void> {
    const { unitOfWork, audit, clock } = this.#deps;
    const now = clock.now();
    const entry = audit.by(actor, { action: 'workspace_invitations.revoke', subject: `workspace:${workspaceId}` });
    await unitOfWork.run(async (repos) => {
      await roleOfAdmin(repos, actor, workspaceId);
      const invitation = await repos.workspaceInvitations.find(workspaceId, id);
      if (invitation === undefined) throw invitationErrors.invitationNotFound();
      if (invitation.revokedAt !== null) return;
      await repos.workspaceInvitations.revoke(id, now);
      const after = workspaceInvitationFacts({ ...invitation, revokedAt: now });
      await repos.audit.add({ ...entry, before: workspaceInvitationFacts(invitation), after });
    });
  }
}
