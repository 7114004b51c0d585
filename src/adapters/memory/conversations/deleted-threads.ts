/** Threads that are hidden for good, in memory. */
import type { DeletedThreads } from '#application/conversations/ports.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryDeletedThreads implements DeletedThreads {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(): Promise<ThreadId | undefined> {
    const [first] = this.#changes.all(this.#tables.deletedThreads);
    return first;
  }

  /** A thread is a page: dropping it costs nothing. */
  async purgePage(id: ThreadId): Promise<boolean> {
    if (!this.#changes.has(this.#tables.deletedThreads, id)) return true;
    this.#tables.transcripts.delete(id);
    this.#changes.remove(this.#tables.deletedThreads, id);
    return true;
  }
}
