/** Removes a member from a workspace: by an admin, or by leaving. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { workspaceMemberFacts } from '#domain/workspaces/audit-facts.ts';
import { requireGiver } from '#domain/workspaces/policy.ts';
import { checkNotHome, checkOwnerRemains } from '#domain/workspaces/workspace.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { MembershipsOfWorkspaces, ThreadsOfWorkspaces, WorkspaceMembers } from './ports.ts';
import { getWorkspaceMember, roleOfMember } from './workspace-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    workspaceMembers: Pick<WorkspaceMembers, 'find' | 'countOwners' | 'remove'>;
    memberships: MembershipsOfWorkspaces;
    threads: Pick<ThreadsOfWorkspaces, 'transferInWorkspace'>;
    audit: AuditLog;
  }>;
  audit: AuditEntries;
}>;

export class RemoveWorkspaceMember {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The member leaves every game of the workspace, and what they own in those passes to the GM who joined first. Their
   * own conversations there stay theirs and are hidden until they come back. Throws 404 `workspace_not_found`,
   * `workspace_member_not_found`; 403 `workspace_admin_required`, `workspace_owner_required` unless the actor leaves;
   * 409 `home_workspace`, `last_owner`, `last_gm`.
   */
  async execute(actor: UserActor, id: WorkspaceId, userId: UserId): Promise<void> {
    const { unitOfWork, audit } = this.#deps;
    const leaves = userId === actor.userId;
    const action = leaves ? 'workspace_members.leave' : 'workspace_members.remove';
    const entry = audit.by(actor, { action, subject: `workspace:${id}` });
    await unitOfWork.run(async (repos) => {
      const myRole = await roleOfMember(repos, actor, id);
      if (!leaves) requireGiver(myRole, 'reader');
      const member = await getWorkspaceMember(repos, id, userId);
      if (!leaves) requireGiver(myRole, member.role);
      checkNotHome(id);
      checkOwnerRemains(member, null, await repos.workspaceMembers.countOwners(id));
      await repos.memberships.removeFromWorkspace(userId, id);
      await repos.threads.transferInWorkspace(userId, id);
      await repos.workspaceMembers.remove(id, userId);
      await repos.audit.add({ ...entry, before: workspaceMemberFacts(member) });
    });
  }
}
