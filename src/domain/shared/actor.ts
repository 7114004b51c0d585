/** Who is asking: a signed-in user, with the permissions that hold right now, or the system by itself. */
import { type DomainError, refusal } from './domain-error.ts';
import type { ApiTokenId, SessionId, UserId } from './ids.ts';

/** Where a request comes from, for the audit. */
export type Origin = Readonly<{ ip: string | null; requestId: string | null }>;

/** A request that nobody sent: a command, a start, a background task. */
export const NO_ORIGIN: Origin = { ip: null, requestId: null };

export type UserActor = Readonly<{
  kind: 'user';
  userId: UserId;
  permissions: readonly string[];
  /** The session through which the user came; null where there is none (a token, a command, a test). */
  sessionId: SessionId | null;
  /** The API token through which the user came; null where there is none. */
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

export const actorErrors = {
  unauthenticated: refusal('unauthenticated', 'unauthenticated', 'You are not signed in. Sign in and try again.'),
  permissionMissing: refusal('forbidden', 'permission_missing', 'You do not have the permission that this needs.'),
};

/** Refuses with 403 `permission_missing`, naming the permission, unless the actor holds it. */
export function requirePermission(actor: UserActor, permission: string): void {
  if (!actor.permissions.includes(permission)) throw missing(permission);
}

function missing(permission: string): DomainError {
  return actorErrors.permissionMissing({ permission }, `This needs the permission "${permission}".`);
}
