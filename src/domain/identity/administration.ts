/** The limits of administration: actors cannot grant what they do not hold, or edit a user who holds more than they. */
import { holds, type UserActor } from '#domain/shared/actor.ts';
import { identityErrors } from './errors.ts';
import { ADMIN_ROLE, type Role } from './permissions.ts';
import type { User } from './user.ts';

function lackedBy(actor: UserActor, permissions: readonly string[]): readonly string[] {
  return permissions.filter((permission) => !actor.permissions.includes(permission));
}

/** Throws 403 `grant_exceeds_own`, listing what is lacking, unless the actor holds all the permissions everywhere. */
export function checkGrant(actor: UserActor, permissions: readonly string[]): void {
  const lacking = lackedBy(actor, permissions);
  if (lacking.length > 0) throw identityErrors.grantExceedsOwn({ lacking });
}

/** The same for the scopes of a token, which may also be what its owner holds in a workspace alone. */
export function checkScopes(actor: UserActor, scopes: readonly string[]): void {
  const lacking = scopes.filter((scope) => !holds(actor, scope));
  if (lacking.length > 0) throw identityErrors.grantExceedsOwn({ lacking });
}

/**
 * Throws 403 `edit_exceeds_own`, listing what is lacking, unless the actor holds all that the edited user or role
 * holds.
 */
export function checkEdit(actor: UserActor, held: readonly string[]): void {
  const lacking = lackedBy(actor, held);
  if (lacking.length > 0) throw identityErrors.editExceedsOwn({ lacking });
}

/** Throws 409 `builtin_role` for a role that is declared in code and cannot be changed. */
export function checkOwnRole(role: Role): void {
  if (role.builtin) throw identityErrors.builtinRole({ role: role.name });
}

function isActiveAdmin(user: User): boolean {
  return user.status === 'active' && user.roles.includes(ADMIN_ROLE);
}

/** Whether a change of a user removes an active admin. `after` is null if the user is deleted. */
export function endsAdmin(before: User, after: User | null): boolean {
  return isActiveAdmin(before) && (after === null || !isActiveAdmin(after));
}
