/** Lists the roles, built-in ones and others. */
import type { Role } from '#domain/identity/permissions.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { RoleReads } from '../ports.ts';

type Deps = Readonly<{ roles: Pick<RoleReads, 'list'> }>;

export class ListRoles {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** All of them, by name. Throws 403 without `roles.read`. */
  async execute(actor: UserActor): Promise<readonly Role[]> {
    requirePermission(actor, 'roles.read');
    return this.#deps.roles.list();
  }
}
