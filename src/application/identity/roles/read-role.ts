/** Shows one role. */
import type { Role } from '#domain/identity/permissions.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { RoleReads } from '../ports.ts';
import { getRole } from '../user-access.ts';

type Deps = Readonly<{ roles: Pick<RoleReads, 'find'> }>;

export class ReadRole {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `roles.read`; 404 `role_not_found`. */
  async execute(actor: UserActor, name: string): Promise<Role> {
    requirePermission(actor, 'roles.read');
    return getRole(this.#deps.roles, name);
  }
}
