/** Users in memory. */
import type { Users } from '#application/identity/ports.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { isEmail, normalizeEmail, type User, usernameKey } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from './tables.ts';

export class MemoryUsers implements Users {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(id: UserId): Promise<User | undefined> {
    return this.#changes.find(this.#tables.users, id);
  }

  async findByLogin(login: string): Promise<User | undefined> {
    const id = isEmail(login)
      ? this.#changes.find(this.#tables.userIdByEmail, normalizeEmail(login))
      : this.#changes.find(this.#tables.userIdByUsername, usernameKey(login));
    return id === undefined ? undefined : this.#changes.find(this.#tables.users, id);
  }

  async add(user: User): Promise<void> {
    const { users, userIdByEmail, userIdByUsername, roles } = this.#tables;
    const key = user.username === null ? undefined : usernameKey(user.username);
    if (this.#changes.has(users, user.id)) throw new Error('There is a user with this id already.');
    if (this.#changes.has(userIdByEmail, user.email)) throw identityErrors.emailTaken();
    if (key !== undefined && this.#changes.has(userIdByUsername, key)) throw identityErrors.usernameTaken();
    if (!user.roles.every((role) => this.#changes.has(roles, role))) throw identityErrors.roleNotFound();
    this.#changes.set(users, user.id, { ...user, roles: [...user.roles].sort() });
    this.#changes.set(userIdByEmail, user.email, user.id);
    if (key !== undefined) this.#changes.set(userIdByUsername, key, user.id);
  }

  async countActiveWithRole(role: string): Promise<number> {
    let count = 0;
    for (const user of this.#changes.all(this.#tables.users)) {
      if (user.status === 'active' && user.roles.includes(role)) count++;
    }
    return count;
  }
}
