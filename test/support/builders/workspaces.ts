/** Workspaces, memberships and invitations to them with every field filled, and actors in them. */
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { type WorkspaceRole, workspaceRights } from '#domain/shared/workspace-rights.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import type { Workspace, WorkspaceMembership } from '#domain/workspaces/workspace.ts';
import { actorFor } from './conversing.ts';
import { anInvitation, at, newId } from './records.ts';

export function aWorkspace(fields: Partial<Workspace> = {}): Workspace {
  return {
    id: newId('workspace'),
    name: 'The North — “der Norden” ❄',
    createdByUserId: null,
    createdAt: at(0),
    ...fields,
  };
}

export function aWorkspaceMembership(
  workspaceId: WorkspaceId,
  userId: UserId,
  fields: Partial<WorkspaceMembership> = {},
): WorkspaceMembership {
  return { workspaceId, userId, role: 'reader', joinedAt: at(0), ...fields };
}

export function aWorkspaceInvitation(
  workspaceId: WorkspaceId,
  fields: Partial<WorkspaceInvitation> = {},
): WorkspaceInvitation {
  const { gameId: _, roleInGame: __, ...terms } = anInvitation('gam_any' as GameId);
  return { ...terms, workspaceId, role: 'editor', ...fields };
}

/** Somebody who has this role in a workspace, beside being a reader of Home. */
export function memberActor(
  userId: UserId,
  workspaceId: WorkspaceId,
  role: WorkspaceRole,
  ...permissions: readonly string[]
): UserActor {
  return { ...actorFor(userId, ...permissions), workspaces: workspaceRights([{ workspaceId, role }], false) };
}
