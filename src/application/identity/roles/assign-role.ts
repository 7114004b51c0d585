/** Gives a user a role. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkGrant } from '#domain/identity/administration.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { ROLES_PER_USER } from '#domain/identity/permissions.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { RoleReads, Users } from '../ports.ts';
import { editableUser, getRole } from '../user-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: Users; roles: RoleReads; audit: AuditLog }>;
  audit: AuditEntries;
}>;

export class AssignRole {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The names of the roles that the user holds now; a role that they held before changes nothing. Throws 403 without
   * `roles.assign`, `edit_exceeds_own`, or `grant_exceeds_own` where the role holds what the actor lacks;
   * 404 `user_not_found`, `role_not_found`; 409 `user_roles_full`.
   */
  async execute(actor: UserActor, id: UserId, roleName: string): Promise<readonly string[]> {
    requirePermission(actor, 'roles.assign');
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'roles.assign', subject: `user:${id}` });
    return unitOfWork.run(async (repos) => {
      const user = await editableUser(repos, actor, id);
      const role = await getRole(repos.roles, roleName);
      checkGrant(actor, role.permissions);
      if (user.roles.includes(role.name)) return user.roles;
      if (user.roles.length >= ROLES_PER_USER) throw identityErrors.userRolesFull({ max: ROLES_PER_USER });
      const after = { ...user, roles: [...user.roles, role.name].toSorted() };
      await repos.users.save(after);
      await repos.audit.add({ ...entry, before: { roles: user.roles }, after: { roles: after.roles } });
      return after.roles;
    });
  }
}
