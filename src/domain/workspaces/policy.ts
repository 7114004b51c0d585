/** Decides who may manage a workspace and its members. For everyone who is no member the workspace does not exist. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { isAtLeast, type WorkspaceRole, workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from './errors.ts';
import type { Workspace } from './workspace.ts';

/** The permission to open workspaces, and to say what they may use up. */
export const CREATE_WORKSPACES = 'workspaces.create';

/** A workspace with the actor's role in it. */
export type SeenWorkspace = Readonly<{ workspace: Workspace; myRole: WorkspaceRole }>;

/** Returns the actor's role. Throws 404 `workspace_not_found`, whether or not the workspace exists. */
export function requireMember({ workspaces }: UserActor, id: WorkspaceId): WorkspaceRole {
  const right = workspaces.find((one) => one.id === id);
  if (right === undefined) throw workspaceNotFound();
  return right.role;
}

/** Throws 403 `workspace_admin_required` for a role below admin. */
export function requireAdmin(role: WorkspaceRole): void {
  if (!isAtLeast(role, 'admin')) throw workspaceErrors.adminRequired();
}

/**
 * Throws 403 unless a member of this role may give and take the other one: `workspace_admin_required` below admin,
 * `workspace_owner_required` for an admin where the other is owner.
 */
export function requireGiver(role: WorkspaceRole, given: WorkspaceRole): void {
  requireAdmin(role);
  if (!mayGive(role, given)) throw workspaceErrors.ownerRequired();
}

/** Whether a member of this role may give the other one: owners are made by owners alone. */
export function mayGive(role: WorkspaceRole, given: WorkspaceRole): boolean {
  return isAtLeast(role, 'admin') && isAtLeast(role, given);
}
