/** Deletes a role of an admin's own making that nobody holds. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkEdit, checkOwnRole } from '#domain/identity/administration.ts';
import { roleFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { Roles, Users } from '../ports.ts';
import { getRole } from '../user-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ roles: Roles; users: Pick<Users, 'isHeld'>; audit: AuditLog }>;
  audit: AuditEntries;
}>;

export class DeleteRole {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 without `roles.write`, or `edit_exceeds_own`; 404 `role_not_found`; 409 `builtin_role`, `role_in_use`.
   */
  async execute(actor: UserActor, name: string): Promise<void> {
    requirePermission(actor, 'roles.write');
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'roles.delete', subject: `role:${name}` });
    await unitOfWork.run(async (repos) => {
      const role = await getRole(repos.roles, name);
      checkEdit(actor, role.permissions);
      checkOwnRole(role);
      if (await repos.users.isHeld(name)) throw identityErrors.roleInUse({ role: name });
      await repos.roles.remove(name);
      await repos.audit.add({ ...entry, before: roleFacts(role) });
    });
  }
}
