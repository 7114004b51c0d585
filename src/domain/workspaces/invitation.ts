/** An invitation to a workspace. */
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { InvitationTerms } from '#domain/shared/invitation.ts';
import type { WorkspaceRole } from '#domain/shared/workspace-rights.ts';

export type WorkspaceInvitation = InvitationTerms & Readonly<{ workspaceId: WorkspaceId; role: WorkspaceRole }>;
