/** Links to set a password, in memory. */
import type { PasswordLinks } from '#application/identity/ports.ts';
import type { PasswordLink } from '#domain/identity/password-link.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryPasswordLinks implements PasswordLinks {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async findByDigest(digest: string): Promise<PasswordLink | undefined> {
    return this.#changes.find(this.#tables.passwordLinks, digest);
  }

  async add(link: PasswordLink): Promise<void> {
    if (!this.#changes.has(this.#tables.users, link.userId)) throw new Error('There is no such user.');
    if (this.#changes.has(this.#tables.passwordLinks, link.digest)) throw new Error('There is such a link already.');
    this.#changes.set(this.#tables.passwordLinks, link.digest, link);
  }

  async endByUser(userId: UserId, at: Date): Promise<void> {
    for (const link of [...this.#changes.all(this.#tables.passwordLinks)]) {
      if (link.userId !== userId || link.endedAt !== null) continue;
      this.#changes.set(this.#tables.passwordLinks, link.digest, { ...link, endedAt: at });
    }
  }
}
