/** Who is asking, with the permissions that hold right now. */
import { type DomainError, refusal } from './domain-error.ts';
import type { SessionId, UserId } from './ids.ts';

export type Actor = Readonly<{
  userId: UserId;
  permissions: ReadonlySet<string>;
  /** The session through which the actor came; null where there is none (a command, a test). */
  sessionId: SessionId | null;
}>;

export const actorErrors = {
  unauthenticated: refusal('unauthenticated', 'unauthenticated', 'You are not signed in. Sign in and try again.'),
  permissionMissing: refusal('forbidden', 'permission_missing', 'You do not have the permission that this needs.'),
};

/** Refuses with 403 `permission_missing`, naming the permission, unless the actor holds it. */
export function requirePermission(actor: Actor, permission: string): void {
  if (!actor.permissions.has(permission)) throw missing(permission);
}

function missing(permission: string): DomainError {
  return actorErrors.permissionMissing({ permission }, `This needs the permission "${permission}".`);
}
