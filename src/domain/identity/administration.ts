/** Who may administer whom: nobody gives what they do not hold, nobody touches one who holds what they lack. */
import type { UserActor } from '#domain/shared/actor.ts';
import { identityErrors } from './errors.ts';
import { ADMIN_ROLE, type Role } from './permissions.ts';
import type { User } from './user.ts';

function lackedBy(actor: UserActor, permissions: readonly string[]): readonly string[] {
  return permissions.filter((permission) => !actor.permissions.includes(permission));
}

/** Refuses with 403 `grant_exceeds_own` where any of the permissions is not the actor's own. */
export function checkGrant(actor: UserActor, permissions: readonly string[]): void {
  const lacking = lackedBy(actor, permissions);
  if (lacking.length > 0) throw identityErrors.grantExceedsOwn({ lacking });
}

/** Refuses with 403 `edit_exceeds_own` where a user, or a role, holds what the actor lacks. */
export function checkEdit(actor: UserActor, held: readonly string[]): void {
  const lacking = lackedBy(actor, held);
  if (lacking.length > 0) throw identityErrors.editExceedsOwn({ lacking });
}

/** Refuses with 409 `builtin_role` to change a role that is the code's own. */
export function checkOwnRole(role: Role): void {
  if (role.builtin) throw identityErrors.builtinRole({ role: role.name });
}

function isActiveAdmin(user: User): boolean {
  return user.status === 'active' && user.roles.includes(ADMIN_ROLE);
}

/** Whether a change takes an active admin away; `after` is null where the user goes altogether. */
export function endsAdmin(before: User, after: User | null): boolean {
  return isActiveAdmin(before) && (after === null || !isActiveAdmin(after));
}
