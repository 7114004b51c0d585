/** Thread rows as they stand now, cached in the process: right while no other process writes the database. */
import type { ThreadRow } from './threads.ts';

/** About 0.5 kB each. */
const MAX_CACHED_THREADS = 10_000;

/**
 * Every statement that changes a thread puts its new row here, and after a unit of work, which may have changed any,
 * all are forgotten.
 */
export class ThreadRowCache {
  readonly #rows = new Map<string, ThreadRow>();

  find(id: string): ThreadRow | undefined {
    return this.#rows.get(id);
  }

  /** Caches a row that was just read or written; the one that was put longest ago makes room. */
  put(row: ThreadRow): void {
    this.#rows.delete(row.id);
    this.#rows.set(row.id, row);
    if (this.#rows.size > MAX_CACHED_THREADS) this.#rows.delete(this.#rows.keys().next().value as string);
  }

  forget(id: string): void {
    this.#rows.delete(id);
  }

  clear(): void {
    this.#rows.clear();
  }
}
