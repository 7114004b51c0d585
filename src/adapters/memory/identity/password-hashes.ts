/** Password hashes in memory. */
import type { PasswordHashes } from '#application/identity/ports.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryPasswordHashes implements PasswordHashes {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(userId: UserId): Promise<string | undefined> {
    return this.#changes.find(this.#tables.passwordHashes, userId);
  }

  async listSchemes(): Promise<readonly string[]> {
    return [...new Set([...this.#changes.all(this.#tables.passwordHashes)].map((hash) => hash.slice(0, 7)))];
  }

  async save(userId: UserId, hash: string): Promise<void> {
    if (!this.#changes.has(this.#tables.users, userId)) throw new Error('There is no such user.');
    this.#changes.set(this.#tables.passwordHashes, userId, hash);
  }
}
