/** A user together with everything that they may do, as it holds right now. */
import type { Permission, Role } from './permissions.ts';
import type { User } from './user.ts';

export type Principal = Readonly<{ user: User; permissions: readonly Permission[] }>;

/** The permissions of several roles, each once. */
export function permissionsOf(roles: readonly Role[]): readonly Permission[] {
  return [...new Set(roles.flatMap((role) => role.permissions))];
}
