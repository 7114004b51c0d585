/** What the audit log records of workspaces, their members and invitations. */
import { invitationTermsFacts } from '#domain/shared/invitation.ts';
import type { WorkspaceInvitation } from './invitation.ts';
import type { QuotaUsage } from './quota.ts';
import type { Workspace, WorkspaceMembership } from './workspace.ts';

export function workspaceFacts({ name }: Pick<Workspace, 'name'>) {
  return { name };
}

export function workspaceMemberFacts({ userId, role }: Pick<WorkspaceMembership, 'userId' | 'role'>) {
  return { user_id: userId, role };
}

export function workspaceInvitationFacts(invitation: WorkspaceInvitation) {
  return { ...invitationTermsFacts(invitation), role: invitation.role };
}

export function quotaFacts(usages: readonly QuotaUsage[]) {
  return Object.fromEntries(usages.map(({ quota, limit }) => [quota, limit]));
}
