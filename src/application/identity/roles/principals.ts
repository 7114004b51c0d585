/** Looks up what a user may do, and caches it until something about them changes. */

import type { ReadThroughCache } from '#application/shared/cache.ts';
import type { WorkspaceMemberReads } from '#application/workspaces/ports.ts';
import { ADMIN_ROLE } from '#domain/identity/permissions.ts';
import { type Principal, permissionsOf } from '#domain/identity/principal.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { principalArea } from '../cached-rights.ts';
import type { RoleReads, UserReads } from '../ports.ts';
import { getUser } from '../user-access.ts';

type Deps = Readonly<{
  users: UserReads;
  roles: RoleReads;
  workspaceMembers: WorkspaceMemberReads;
  cache: Pick<ReadThroughCache, 'get'>;
}>;

export class Principals {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 404 `user_not_found`. */
  get(id: UserId): Promise<Principal> {
    return this.#deps.cache.get(principalArea, id, () => this.#load(id));
  }

  /** The principal of an active user; null where the user is disabled or gone. */
  async findActive(id: UserId): Promise<Principal | null> {
    try {
      const principal = await this.get(id);
      return principal.user.status === 'active' ? principal : null;
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return null;
      throw error;
    }
  }

  async #load(id: UserId): Promise<Principal> {
    const { users, roles: stored, workspaceMembers } = this.#deps;
    const [user, memberships] = await Promise.all([getUser(users, id), workspaceMembers.listByUser(id)]);
    const roles = await Promise.all(user.roles.map((name) => stored.find(name)));
    const permissions = permissionsOf(roles.filter((role) => role !== undefined));
    return { user, permissions, workspaces: workspaceRights(memberships, user.roles.includes(ADMIN_ROLE)) };
  }
}
