/** The actor: the user on whose behalf a use case runs, with the permissions that they hold at this moment. */
import { type DomainError, refusal } from './domain-error.ts';
import type { ApiTokenId, SessionId, UserId } from './ids.ts';

/** The origin of a request, for the audit log. */
export type Origin = Readonly<{ ip: string | null; requestId: string | null }>;

/** The origin of work without a request: a command, the start of the server, a background task. */
export const NO_ORIGIN: Origin = { ip: null, requestId: null };

export type UserActor = Readonly<{
  kind: 'user';
  userId: UserId;
  permissions: readonly string[];
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

/** Throws 403 `permission_missing`, naming the permission, unless the actor holds it. */
export function requirePermission(actor: UserActor, permission: string): void {
  if (!actor.permissions.includes(permission)) throw missing(permission);
}

function missing(permission: string): DomainError {
  return actorErrors.permissionMissing({ permission }, `This needs the permission "${permission}".`);
}
