/** Makes a user a member of a workspace. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import { workspaceMemberFacts } from '#domain/workspaces/audit-facts.ts';
import { requireGiver } from '#domain/workspaces/policy.ts';
import { checkNotHome, type WorkspaceMember } from '#domain/workspaces/workspace.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceMembers } from './ports.ts';
import { getWorkspaceMember, roleOfMember } from './workspace-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ workspaceMembers: Pick<WorkspaceMembers, 'find' | 'add'>; audit: AuditLog }>;
  audit: AuditEntries;
  clock: Clock;
}>;

export class AddWorkspaceMember {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the new member. Throws 404 `workspace_not_found`, `user_not_found`; 403 `workspace_admin_required`,
   * `workspace_owner_required`; 409 `home_workspace`, `already_in_workspace`.
   */
  async execute(actor: UserActor, id: WorkspaceId, userId: UserId, role: WorkspaceRole): Promise<WorkspaceMember> {
    const { unitOfWork, audit, clock } = this.#deps;
    const after = workspaceMemberFacts({ userId, role });
    const entry = audit.by(actor, { action: 'workspace_members.add', subject: `workspace:${id}`, after });
    const joinedAt = clock.now();
    return unitOfWork.run(async (repos) => {
      requireGiver(await roleOfMember(repos, actor, id), role);
      checkNotHome(id);
      await repos.workspaceMembers.add({ workspaceId: id, userId, role, joinedAt });
      await repos.audit.add(entry);
      return getWorkspaceMember(repos, id, userId);
    });
  }
}
