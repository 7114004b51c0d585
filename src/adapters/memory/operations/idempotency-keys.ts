/** Responses stored under idempotency keys, in memory. */
import { type IdempotencyKeys, idempotencyErrors, type StoredResponse } from '#application/shared/idempotency.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
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

  async add(response: StoredResponse): Promise<void> {
    this.store(response);
  }

  /** `add`, for what happens in one step. */
  store(response: StoredResponse): void {
    if (this.#live(response.key, response.createdAt) !== undefined) throw idempotencyErrors.inFlight();
    this.#changes.set(this.#tables.idempotencyKeys, response.key, response);
  }

  async prune(now: Date, limit: number): Promise<number> {
    const expired = [...this.#changes.all(this.#tables.idempotencyKeys, ({ expiresAt }) => expiresAt <= now)];
    const pruned = expired.slice(0, limit);
    for (const { key } of pruned) this.#changes.remove(this.#tables.idempotencyKeys, key);
    return pruned.length;
  }

  async removeBySubject(id: ThreadId): Promise<void> {
    this.#changes.removeWhere(this.#tables.idempotencyKeys, ({ subjectId }) => subjectId === id);
  }

  async removeByUser(userId: UserId): Promise<void> {
    this.#changes.removeWhere(
      this.#tables.idempotencyKeys,
      ({ actorId, subjectId }) => actorId === userId || subjectId === userId,
    );
  }

  #live(key: string, now: Date): StoredResponse | undefined {
    const stored = this.#changes.find(this.#tables.idempotencyKeys, key);
    return stored !== undefined && now < stored.expiresAt ? stored : undefined;
  }
}
