/** A principal: a user with the permissions of all their roles and their workspaces, as they are at this moment. */
import type { WorkspaceRight } from '#domain/shared/workspace-rights.ts';
import type { Permission, Role } from './permissions.ts';
import type { User } from './user.ts';

export type Principal = Readonly<{
  user: User;
  permissions: readonly Permission[];
  /** Home first, then the others in the order in which they joined. */
  workspaces: readonly WorkspaceRight[];
}>;

/** Returns the union of the roles' permissions. */
export function permissionsOf(roles: readonly Role[]): readonly Permission[] {
  return [...new Set(roles.flatMap((role) => role.permissions))];
}
