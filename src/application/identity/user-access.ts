/** Finds the user that an administrator means, and makes sure that the actor may change them. */
import { checkEdit, endsAdmin } from '#domain/identity/administration.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { ADMIN_ROLE, type Permission, type Role } from '#domain/identity/permissions.ts';
import { permissionsOf } from '#domain/identity/principal.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { RoleReads, UserReads, Users } from './ports.ts';

/** Throws 404 `user_not_found`. */
export async function getUser(users: Pick<UserReads, 'find'>, id: UserId): Promise<User> {
  const user = await users.find(id);
  if (user === undefined) throw identityErrors.userNotFound();
  return user;
}

/** Throws 404 `role_not_found`. */
export async function getRole(roles: Pick<RoleReads, 'find'>, name: string): Promise<Role> {
  const role = await roles.find(name);
  if (role === undefined) throw identityErrors.roleNotFound({ role: name }, `There is no role "${name}".`);
  return role;
}

type Repos = Readonly<{ users: Pick<UserReads, 'find'>; roles: Pick<RoleReads, 'find'> }>;

/** A user whom the actor may change. Throws 404 `user_not_found`; 403 `edit_exceeds_own`. */
export async function editableUser(repos: Repos, actor: UserActor, id: UserId): Promise<User> {
  const user = await getUser(repos.users, id);
  checkEdit(actor, await permissionsHeld(repos.roles, user));
  return user;
}

async function permissionsHeld(roles: Pick<RoleReads, 'find'>, user: User): Promise<readonly Permission[]> {
  const held: Role[] = [];
  for (const name of user.roles) held.push(await getRole(roles, name));
  return permissionsOf(held);
}

/**
 * Refuses with 409 `last_admin` a change after which nobody would be an active admin. Asked before the change, in its
 * unit of work: of two changes at once, the second sees the first.
 */
export async function checkAdminRemains(
  users: Pick<Users, 'countActiveWithRole'>,
  before: User,
  after: User | null,
): Promise<void> {
  if (endsAdmin(before, after) && (await users.countActiveWithRole(ADMIN_ROLE)) <= 1) throw identityErrors.lastAdmin();
}
