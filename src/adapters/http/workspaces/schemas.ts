/** How workspaces, their members and invitations look to clients. */
import { z } from 'zod';
import { WORKSPACE_ROLES } from '#domain/shared/workspace-rights.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import type { SeenWorkspace } from '#domain/workspaces/policy.ts';
import type { WorkspaceMember } from '#domain/workspaces/workspace.ts';
import { time } from '../declaration/output.ts';

export const workspaceRole = z.enum(WORKSPACE_ROLES);

export const workspaceSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    created_by_user_id: z.string().nullable(),
    created_at: time,
    my_role: workspaceRole,
  })
  .meta({ id: 'Workspace' });

export const workspaceMemberSchema = z
  .strictObject({ user_id: z.string(), display_name: z.string(), role: workspaceRole, joined_at: time })
  .meta({ id: 'WorkspaceMember' });

export const workspaceInvitationSchema = z
  .strictObject({
    id: z.string(),
    role: workspaceRole,
    email: z.string().nullable().describe('Set where it is for the user with this address alone.'),
    max_uses: z.int().min(1),
    uses: z.int().min(0),
    expires_at: time,
    revoked_at: time.nullable(),
  })
  .meta({ id: 'WorkspaceInvitation' });

export const workspacePreviewSchema = z
  .strictObject({ workspace_name: z.string(), role: workspaceRole, expires_at: time })
  .meta({ id: 'WorkspaceInvitationPreview' });

export function toWorkspaceJson({ workspace, myRole }: SeenWorkspace): z.input<typeof workspaceSchema> {
  return {
    id: workspace.id,
    name: workspace.name,
    created_by_user_id: workspace.createdByUserId,
    created_at: workspace.createdAt.toISOString(),
    my_role: myRole,
  };
}

export function toWorkspaceMemberJson(member: WorkspaceMember): z.input<typeof workspaceMemberSchema> {
  return {
    user_id: member.userId,
    display_name: member.displayName,
    role: member.role,
    joined_at: member.joinedAt.toISOString(),
  };
}

export function toWorkspaceInvitationJson(one: WorkspaceInvitation): z.input<typeof workspaceInvitationSchema> {
  return {
    id: one.id,
    role: one.role,
    email: one.email,
    max_uses: one.maxUses,
    uses: one.uses,
    expires_at: one.expiresAt.toISOString(),
    revoked_at: one.revokedAt?.toISOString() ?? null,
  };
}
