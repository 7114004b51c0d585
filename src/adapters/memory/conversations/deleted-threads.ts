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

  async find(now: Date): Promise<ThreadId | undefined> {
    const [first] = this.#changes.all(this.#tables.deletedThreads);
    return first ?? this.#staged().find(({ until }) => until <= now)?.thread.id;
  }

  /** A thread is a page: dropping it costs nothing. */
  async purgePage(id: ThreadId, now: Date): Promise<boolean> {
    const isOver = this.#staged().some(({ thread, until }) => thread.id === id && until <= now);
    if (!isOver && !this.#changes.has(this.#tables.deletedThreads, id)) return true;
    this.#tables.transcripts.delete(id);
    this.#changes.remove(this.#tables.deletedThreads, id);
    this.#changes.remove(this.#tables.stagedThreads, id);
    return true;
  }

  #staged() {
    return [...this.#changes.all(this.#tables.stagedThreads)];
  }
}
