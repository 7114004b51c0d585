/** A workspace: owns games, sources and conversations, which nobody else can know of; it always has an owner. */
import type { UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { HOME_ID, type WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from './errors.ts';

export type Workspace = Readonly<{
  id: WorkspaceId;
  name: string;
  /** The user who opened it; null for Home, and once they are deleted. */
  createdByUserId: UserId | null;
  createdAt: Date;
}>;

export type WorkspaceMembership = Readonly<{
  workspaceId: WorkspaceId;
  userId: UserId;
  role: WorkspaceRole;
  joinedAt: Date;
}>;

/** A membership with the member's display name. In Home everybody's, by what `roleInHome` says. */
export type WorkspaceMember = WorkspaceMembership & Readonly<{ displayName: string }>;

/** How much of what a workspace owns there is. Of threads those count that a member can see. */
export type WorkspaceContents = Readonly<{ games: number; sources: number; threads: number }>;

/**
 * Throws 409 `last_owner` if the change would leave the workspace without an owner. `roleAfter` is null for a member
 * who leaves; `owners` is the number before the change, this member included. Home has one in every active admin.
 */
export function checkOwnerRemains(member: WorkspaceMembership, roleAfter: WorkspaceRole | null, owners: number): void {
  if (member.workspaceId === HOME_ID || member.role !== 'owner' || roleAfter === 'owner') return;
  if (owners <= 1) throw workspaceErrors.lastOwner();
}

/** Throws 409 `home_workspace` for Home, which nobody can delete or leave. */
export function checkNotHome(id: WorkspaceId): void {
  if (id === HOME_ID) throw workspaceErrors.homeWorkspace();
}

/** Throws 409 `workspace_not_empty`, saying what is left, unless nothing is. */
export function checkEmpty(contents: WorkspaceContents): void {
  const { games, sources, threads } = contents;
  if (games + sources + threads > 0) throw workspaceErrors.workspaceNotEmpty({ games, sources, threads });
}
