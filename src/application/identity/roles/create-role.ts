/** Creates a role of an admin's own making. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkGrant } from '#domain/identity/administration.ts';
import { roleFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { OWN_ROLES_MAX, type Role } from '#domain/identity/permissions.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Roles } from '../ports.ts';

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ roles: Roles; audit: AuditLog }>; audit: AuditEntries }>;

export type RoleInput = Readonly<Pick<Role, 'name' | 'description' | 'permissions'>>;

export class CreateRole {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 without `roles.write`, or `grant_exceeds_own` where it would hold what the actor lacks; 409
   * `role_name_taken`, `roles_full`.
   */
  async execute(actor: UserActor, input: RoleInput): Promise<Role> {
    requirePermission(actor, 'roles.write');
    checkGrant(actor, input.permissions);
    const { name, description } = input;
    const role: Role = { name, description, builtin: false, permissions: [...new Set(input.permissions)].toSorted() };
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'roles.create', subject: `role:${name}`, after: roleFacts(role) });
    await unitOfWork.run(async (repos) => {
      if ((await repos.roles.find(name)) !== undefined) throw identityErrors.roleNameTaken({ role: name });
      if ((await repos.roles.countOwn()) >= OWN_ROLES_MAX) throw identityErrors.rolesFull({ max: OWN_ROLES_MAX });
      await repos.roles.save(role);
      await repos.audit.add(entry);
    });
    return role;
  }
}
