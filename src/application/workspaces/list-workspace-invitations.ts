/** Lists the invitations to a workspace, for its admins. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import type { InvitationCursor } from '../shared/invitations/ports.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { WorkspaceInvitations } from './ports.ts';
import { type MemberRepos, roleOfAdmin } from './workspace-access.ts';

type Deps = Readonly<{
  reads: MemberRepos & Readonly<{ workspaceInvitations: Pick<WorkspaceInvitations, 'list'> }>;
}>;

export class ListWorkspaceInvitations {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page, newest first, including expired, revoked and used-up ones. Throws 404 `workspace_not_found`; 403
   * `workspace_admin_required`.
   */
  async execute(
    actor: UserActor,
    id: WorkspaceId,
    page: PageRequest<InvitationCursor>,
  ): Promise<Page<WorkspaceInvitation, InvitationCursor>> {
    const { reads } = this.#deps;
    await roleOfAdmin(reads, actor, id);
    return reads.workspaceInvitations.list(id, page);
  }
}
