/** The actor: the user on whose behalf a use case runs, with the permissions that they hold at this moment. */
import { type DomainError, refusal } from './domain-error.ts';
import type { ApiTokenId, SessionId, UserId, WorkspaceId } from './ids.ts';
import { type WorkspaceRight, workspaceNotFound } from './workspace-rights.ts';

/** The origin of a request, for the audit log. */
export type Origin = Readonly<{ ip: string | null; requestId: string | null }>;

/** The origin of work without a request: a command, the start of the server, a background task. */
export const NO_ORIGIN: Origin = { ip: null, requestId: null };

export type UserActor = Readonly<{
  kind: 'user';
  userId: UserId;
  /** What they hold wherever they are a member. What a workspace adds to it is in `workspaces`. */
  permissions: readonly string[];
  /** The workspaces that exist for the actor, their first one first; one at most for a token that is bound to it. */
  workspaces: readonly WorkspaceRight[];
  /** The session that authenticated the actor; null for a token, a command or a test. */
  sessionId: SessionId | null;
  /** The API token that authenticated the actor; null for a session, a command or a test. */
  tokenId: ApiTokenId | null;
  origin: Origin;
}>;

/** A command, a start, a background task. */
export type SystemActor = Readonly<{
  kind: 'system';
  /** The user who asked for it; null where nobody did. */
  onBehalfOf: UserId | null;
}>;

export type Actor = UserActor | SystemActor;

/** The system, on nobody's behalf. */
export const SYSTEM: SystemActor = { kind: 'system', onBehalfOf: null };

/** The refusals that every use case shares. */
export const actorErrors = {
  unauthenticated: refusal('unauthenticated', 'unauthenticated', 'You are not signed in. Sign in and try again.'),
  permissionMissing: refusal('forbidden', 'permission_missing', 'You do not have the permission that this needs.'),
};

/**
 * Throws 403 `permission_missing`, naming the permission, unless the actor holds it, be it in one workspace alone: what
 * belongs to a workspace asks `requirePermissionIn` too.
 */
export function requirePermission(actor: UserActor, permission: string): void {
  if (!holds(actor, permission)) throw missing(permission);
}

/** Whether the actor holds the permission, everywhere or in some workspace. */
export function holds({ permissions, workspaces }: UserActor, permission: string): boolean {
  return permissions.includes(permission) || workspaces.some((right) => right.permissions.includes(permission));
}

/** Throws 403 `permission_missing` unless the actor holds the permission in this workspace. */
export function requirePermissionIn(actor: UserActor, workspaceId: WorkspaceId, permission: string): void {
  if (!holdsIn(actor, workspaceId, permission)) throw missing(permission);
}

/** Whether the actor is a member of the workspace and holds the permission there, by a role here or there. */
export function holdsIn({ permissions, workspaces }: UserActor, workspaceId: WorkspaceId, permission: string): boolean {
  const right = workspaces.find(({ id }) => id === workspaceId);
  return right !== undefined && (permissions.includes(permission) || right.permissions.includes(permission));
}

/** Whether the workspace exists for the actor. */
export function isMemberOf({ workspaces }: Pick<UserActor, 'workspaces'>, workspaceId: WorkspaceId): boolean {
  return workspaces.some(({ id }) => id === workspaceId);
}

/** The workspace of a call that names one, or none: then the actor's first. Throws 404 `workspace_not_found`. */
export function workspaceFor({ workspaces }: UserActor, named: WorkspaceId | undefined): WorkspaceId {
  const right = named === undefined ? workspaces[0] : workspaces.find(({ id }) => id === named);
  if (right === undefined) throw workspaceNotFound();
  return right.id;
}

function missing(permission: string): DomainError {
  return actorErrors.permissionMissing({ permission }, `This needs the permission "${permission}".`);
}
