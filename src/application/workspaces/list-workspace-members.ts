/** Lists the members of a workspace. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { requireAdmin, requireMember } from '#domain/workspaces/policy.ts';
import type { WorkspaceMember } from '#domain/workspaces/workspace.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { WorkspaceMemberCursor, WorkspaceMembers } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ workspaceMembers: Pick<WorkspaceMembers, 'list'> }> }>;

export class ListWorkspaceMembers {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page in the order in which the members joined. Those of Home are all users of the installation, so only
   * its admins see them. Throws 404 `workspace_not_found`; 403 `workspace_admin_required`.
   */
  async execute(
    actor: UserActor,
    id: WorkspaceId,
    page: PageRequest<WorkspaceMemberCursor>,
  ): Promise<Page<WorkspaceMember, WorkspaceMemberCursor>> {
    const role = requireMember(actor, id);
    if (id === HOME_ID) requireAdmin(role);
    return this.#deps.reads.workspaceMembers.list(id, page);
  }
}
