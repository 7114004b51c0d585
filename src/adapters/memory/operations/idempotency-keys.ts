/** Answers kept under idempotency keys, in memory. */
import { type IdempotencyKeys, idempotencyErrors, type StoredResponse } from '#application/shared/idempotency.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryIdempotencyKeys implements IdempotencyKeys {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(key: string, now: Date): Promise<StoredResponse | undefined> {
    return this.#live(key, now);
  }

  async add(kept: StoredResponse): Promise<void> {
    this.keep(kept);
  }

  /** `add`, for what happens in one step. */
  keep(kept: StoredResponse): void {
    if (this.#live(kept.key, kept.createdAt) !== undefined) throw idempotencyErrors.inFlight();
    this.#changes.set(this.#tables.idempotencyKeys, kept.key, kept);
  }

  async prune(now: Date, limit: number): Promise<number> {
    const expired = [...this.#changes.all(this.#tables.idempotencyKeys)].filter((kept) => kept.expiresAt <= now);
    const pruned = expired.slice(0, limit);
    for (const { key } of pruned) this.#changes.remove(this.#tables.idempotencyKeys, key);
    return pruned.length;
  }

  #live(key: string, now: Date): StoredResponse | undefined {
    const kept = this.#changes.find(this.#tables.idempotencyKeys, key);
    return kept !== undefined && now < kept.expiresAt ? kept : undefined;
  }
}
