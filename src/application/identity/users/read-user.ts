/** Shows one user to whoever administers users. */
import type { User } from '#domain/identity/user.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { UserReads } from '../ports.ts';
import { getUser } from '../user-access.ts';

type Deps = Readonly<{ reads: Readonly<{ users: UserReads }> }>;

export class ReadUser {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `users.read`; 404 `user_not_found`. */
  async execute(actor: UserActor, id: UserId): Promise<User> {
    requirePermission(actor, 'users.read');
    return getUser(this.#deps.reads.users, id);
  }
}
