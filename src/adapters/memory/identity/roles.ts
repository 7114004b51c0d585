/** Roles in memory. */
import type { Roles } from '#application/identity/ports.ts';
import type { Role } from '#domain/identity/permissions.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryRoles implements Roles {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(name: string): Promise<Role | undefined> {
    return this.#changes.find(this.#tables.roles, name);
  }

  async list(): Promise<readonly Role[]> {
    return [...this.#changes.all(this.#tables.roles)].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async countOwn(): Promise<number> {
    return [...this.#changes.all(this.#tables.roles, (role) => !role.builtin)].length;
  }

  async save(role: Role): Promise<void> {
    this.#changes.set(this.#tables.roles, role.name, { ...role, permissions: [...role.permissions].sort() });
  }

  async remove(name: string): Promise<void> {
    for (const user of this.#changes.all(this.#tables.users)) {
      if (user.roles.includes(name)) throw new Error('Somebody holds the role.');
    }
    this.#changes.remove(this.#tables.roles, name);
  }
}
