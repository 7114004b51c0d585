/** Changes a member's role in a workspace. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { HOME_ID, roleInHome, type WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import { workspaceMemberFacts } from '#domain/workspaces/audit-facts.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { requireGiver } from '#domain/workspaces/policy.ts';
import { checkOwnerRemains, type WorkspaceMember } from '#domain/workspaces/workspace.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { WorkspaceMembers } from './ports.ts';
import { getWorkspaceMember, roleOfAdmin } from './workspace-access.ts';

type Repos = Readonly<{
  workspaceMembers: Pick<WorkspaceMembers, 'find' | 'countOwners' | 'save' | 'remove'>;
  audit: AuditLog;
}>;
type Deps = Readonly<{ unitOfWork: UnitOfWork<Repos>; audit: AuditEntries }>;

export class ChangeWorkspaceMember {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the changed member. Throws 404 `workspace_not_found`, `workspace_member_not_found`; 403
   * `workspace_admin_required`, `workspace_owner_required`; 409 `last_owner`, or `home_owner` where the role `admin`
   * makes them an owner.
   */
  async execute(actor: UserActor, id: WorkspaceId, userId: UserId, role: WorkspaceRole): Promise<WorkspaceMember> {
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'workspace_members.update', subject: `workspace:${id}` });
    return unitOfWork.run(async (repos) => {
      const myRole = await roleOfAdmin(repos, actor, id);
      const member = await getWorkspaceMember(repos, id, userId);
      for (const one of [member.role, role]) requireGiver(myRole, one);
      checkOwnerRemains(member, role, await repos.workspaceMembers.countOwners(id));
      if (member.role === role) return member;
      await store(repos, { ...member, role });
      const changed = await getWorkspaceMember(repos, id, userId);
      if (changed.role !== role) throw workspaceErrors.homeOwner();
      await repos.audit.add({ ...entry, before: workspaceMemberFacts(member), after: workspaceMemberFacts(changed) });
      return changed;
    });
  }
}

/** In Home no row says what everybody is. */
async function store({ workspaceMembers }: Repos, member: WorkspaceMember): Promise<void> {
  const { workspaceId, userId, role, joinedAt } = member;
  if (workspaceId === HOME_ID && role === roleInHome(undefined, false))
    await workspaceMembers.remove(workspaceId, userId);
  else await workspaceMembers.save({ workspaceId, userId, role, joinedAt });
}
