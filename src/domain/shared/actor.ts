/** Who is asking, with the permissions that hold right now. */
import { type DomainError, refusal } from './domain-error.ts';
import type { ApiTokenId, SessionId, UserId } from './ids.ts';

/** Where a request comes from, for the audit. */
export type Origin = Readonly<{ ip: string | null; requestId: string | null }>;

/** A request that nobody sent: a command, a start, a background task. */
export const NO_ORIGIN: Origin = { ip: null, requestId: null };

export type Actor = Readonly<{
  userId: UserId;
  permissions: readonly string[];
  /** The session through which the actor came; null where there is none (a token, a command, a test). */
  sessionId: SessionId | null;
  /** The API token through which the actor came; null where there is none. */
  tokenId: ApiTokenId | null;
  origin: Origin;
}>;

export const actorErrors = {
  unauthenticated: refusal('unauthenticated', 'unauthenticated', 'You are not signed in. Sign in and try again.'),
  permissionMissing: refusal('forbidden', 'permission_missing', 'You do not have the permission that this needs.'),
};

/** Refuses with 403 `permission_missing`, naming the permission, unless the actor holds it. */
export function requirePermission(actor: Actor, permission: string): void {
  if (!actor.permissions.includes(permission)) throw missing(permission);
}

function missing(permission: string): DomainError {
  return actorErrors.permissionMissing({ permission }, `This needs the permission "${permission}".`);
}
