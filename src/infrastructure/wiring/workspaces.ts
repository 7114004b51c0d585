/** Wires the use cases of the workspaces context, and their routes. */
import { ContainerModule } from 'inversify';
import { quotaRoutes } from '#adapters/http/workspaces/quotas.routes.ts';
import { workspaceInvitationRoutes } from '#adapters/http/workspaces/workspace-invitations.routes.ts';
import { workspaceMemberRoutes } from '#adapters/http/workspaces/workspace-members.routes.ts';
import { workspaceRoutes } from '#adapters/http/workspaces/workspaces.routes.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { AddWorkspaceMember } from '#application/workspaces/add-workspace-member.ts';
import { AnswerWorkspaceInvitation } from '#application/workspaces/answer-workspace-invitation.ts';
import { ChangeQuotas } from '#application/workspaces/change-quotas.ts';
import { ChangeWorkspace } from '#application/workspaces/change-workspace.ts';
import { ChangeWorkspaceMember } from '#application/workspaces/change-workspace-member.ts';
import { CheckWorkspaceGiver } from '#application/workspaces/check-workspace-giver.ts';
import { DeleteWorkspace } from '#application/workspaces/delete-workspace.ts';
import { InviteToWorkspace } from '#application/workspaces/invite-to-workspace.ts';
import { ListWorkspaceInvitations } from '#application/workspaces/list-workspace-invitations.ts';
import { ListWorkspaceMembers } from '#application/workspaces/list-workspace-members.ts';
import { ListWorkspaces } from '#application/workspaces/list-workspaces.ts';
import { OpenWorkspace } from '#application/workspaces/open-workspace.ts';
import { PreviewWorkspaceInvitation } from '#application/workspaces/preview-workspace-invitation.ts';
import { ReadWorkspace } from '#application/workspaces/read-workspace.ts';
import { ReadWorkspaceUsage } from '#application/workspaces/read-workspace-usage.ts';
import { RemoveWorkspaceMember } from '#application/workspaces/remove-workspace-member.ts';
import { RevokeWorkspaceInvitation } from '#application/workspaces/revoke-workspace-invitation.ts';
import { TakeAsk } from '#application/workspaces/take-ask.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { clock, ids, unitOfWork, reads, secrets, workspaceMode } = tokens;
const audit = AuditEntries;

export const workspacesModule = new ContainerModule(({ bind }) => {
  wire(bind, ListWorkspaces, { reads });
  wire(bind, OpenWorkspace, { unitOfWork, mode: workspaceMode, audit, clock, ids });
  wire(bind, ReadWorkspace, { reads });
  wire(bind, ChangeWorkspace, { unitOfWork, audit });
  wire(bind, DeleteWorkspace, { unitOfWork, audit, clock });
  wire(bind, ListWorkspaceMembers, { reads });
  wire(bind, AddWorkspaceMember, { unitOfWork, audit, clock });
  wire(bind, ChangeWorkspaceMember, { unitOfWork, audit });
  wire(bind, RemoveWorkspaceMember, { unitOfWork, audit });
  wire(bind, InviteToWorkspace, { unitOfWork, audit, secrets, clock, ids });
  wire(bind, CheckWorkspaceGiver, { reads });
  wire(bind, ListWorkspaceInvitations, { reads });
  wire(bind, RevokeWorkspaceInvitation, { unitOfWork, audit, clock });
  wire(bind, PreviewWorkspaceInvitation, { reads, secrets, clock });
  wire(bind, AnswerWorkspaceInvitation, { unitOfWork, audit, secrets, clock });
  wire(bind, ReadWorkspaceUsage, { reads, clock });
  wire(bind, ChangeQuotas, { unitOfWork, audit, clock });
  wire(bind, TakeAsk, { unitOfWork, reads, clock });
  routes(bind, quotaRoutes, { readWorkspaceUsage: ReadWorkspaceUsage, changeQuotas: ChangeQuotas });
  routes(bind, workspaceRoutes, {
    listWorkspaces: ListWorkspaces,
    openWorkspace: OpenWorkspace,
    readWorkspace: ReadWorkspace,
    changeWorkspace: ChangeWorkspace,
    deleteWorkspace: DeleteWorkspace,
  });
  routes(bind, workspaceMemberRoutes, {
    listWorkspaceMembers: ListWorkspaceMembers,
    addWorkspaceMember: AddWorkspaceMember,
    changeWorkspaceMember: ChangeWorkspaceMember,
    removeWorkspaceMember: RemoveWorkspaceMember,
  });
  routes(bind, workspaceInvitationRoutes, {
    inviteToWorkspace: InviteToWorkspace,
    checkWorkspaceGiver: CheckWorkspaceGiver,
    listWorkspaceInvitations: ListWorkspaceInvitations,
    revokeWorkspaceInvitation: RevokeWorkspaceInvitation,
  });
});
