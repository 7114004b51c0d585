/** Changes a role of an admin's own making: what is said of it, and what it permits. */

import { type AuditEntries, type AuditLog, changedFacts } from '#application/shared/audit-log.ts';
import type { Precondition } from '#application/shared/precondition.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkEdit, checkGrant, checkOwnRole } from '#domain/identity/administration.ts';
import { roleFacts } from '#domain/identity/audit-facts.ts';
import type { Permission, Role } from '#domain/identity/permissions.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Roles } from '../ports.ts';
import { getRole } from '../user-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ roles: Roles; audit: AuditLog }>;
  audit: AuditEntries;
}>;

/** What is left out stays as it is. */
export type RoleChange = Readonly<{ description?: string; attach?: Permission; detach?: Permission }>;

export class ChangeRole {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * A permission that is attached or detached again changes nothing. Holds from the next request of every holder on.
   * Throws 403 without `roles.write`, `edit_exceeds_own` where the role holds what the actor lacks, `grant_exceeds_own`
   * where it would; 404 `role_not_found`; 409 `builtin_role`; what `precondition` throws, null where any state will do.
   */
  async execute(
    actor: UserActor,
    name: string,
    change: RoleChange,
    precondition: Precondition<Role> | null,
  ): Promise<Role> {
    requirePermission(actor, 'roles.write');
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'roles.update', subject: `role:${name}` });
    return unitOfWork.run(async (repos) => {
      const before = await getRole(repos.roles, name);
      checkEdit(actor, before.permissions);
      precondition?.(before);
      const after = changed(before, change);
      checkGrant(actor, after.permissions);
      checkOwnRole(before);
      const changes = changedFacts(roleFacts(before), roleFacts(after));
      if (changes === null) return before;
      await repos.roles.save(after);
      await repos.audit.add({ ...entry, ...changes });
      return after;
    });
  }
}

function changed(role: Role, { description = role.description, attach, detach }: RoleChange): Role {
  const permissions = new Set(role.permissions);
  if (attach !== undefined) permissions.add(attach);
  if (detach !== undefined) permissions.delete(detach);
  return { ...role, description, permissions: [...permissions].toSorted() };
}
