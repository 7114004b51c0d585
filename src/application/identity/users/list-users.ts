/** Lists users for whoever administers them. */

import type { Page, PageRequest } from '#application/shared/page.ts';
import type { User } from '#domain/identity/user.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { UserFilter, Users } from '../ports.ts';

type Deps = Readonly<{ reads: Readonly<{ users: Pick<Users, 'list'> }> }>;

export class ListUsers {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Newest first. Throws 403 without `users.read`. */
  async execute(actor: UserActor, filter: UserFilter, page: PageRequest<UserId>): Promise<Page<User, UserId>> {
    requirePermission(actor, 'users.read');
    return this.#deps.reads.users.list(filter, page);
  }
}
