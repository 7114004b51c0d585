/** Shows the holder of an invitation's code which workspace it is for. Needs no signed-in user. */
import { invitationErrors, isOpen } from '#domain/shared/invitation.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import type { Workspace } from '#domain/workspaces/workspace.ts';
import type { Secrets } from '../identity/ports.ts';
import type { Clock } from '../shared/clock.ts';
import type { WorkspaceInvitations, Workspaces } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{
    workspaces: Pick<Workspaces, 'find'>;
    workspaceInvitations: Pick<WorkspaceInvitations, 'findByDigest'>;
  }>;
  secrets: Pick<Secrets, 'digest'>;
  clock: Clock;
}>;

export class PreviewWorkspaceInvitation {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `invitation_not_found` if there is none, or it cannot be used any more. */
  async execute(code: string): Promise<Readonly<{ workspace: Workspace; invitation: WorkspaceInvitation }>> {
    const { reads, secrets, clock } = this.#deps;
    const invitation = await reads.workspaceInvitations.findByDigest(secrets.digest(code));
    if (invitation === undefined || !isOpen(invitation, clock.now())) throw invitationErrors.invitationNotFound();
    const workspace = await reads.workspaces.find(invitation.workspaceId);
    if (workspace === undefined) throw invitationErrors.invitationNotFound();
    return { workspace, invitation };
  }
}
