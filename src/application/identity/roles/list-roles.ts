/** Lists the roles, built-in ones and others. */
import { type Page, type PageRequest, pageOfAll } from '#application/shared/page.ts';
import type { Role } from '#domain/identity/permissions.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { RoleReads } from '../ports.ts';

type Deps = Readonly<{ roles: Pick<RoleReads, 'list'> }>;

export class ListRoles {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** A page, by name; the cursor is the last name of the page before. Throws 403 without `roles.read`. */
  async execute(actor: UserActor, page: PageRequest<string>): Promise<Page<Role, string>> {
    requirePermission(actor, 'roles.read');
    return pageOfAll(
      await this.#deps.roles.list(),
      page,
      (role) => role.name,
      (name, cursor) => name > cursor,
    );
  }
}
