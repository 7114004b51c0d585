/** Deleted users who are still to be taken off their messages, in memory. */
import type { PendingAnonymizations, TranscriptCursor } from '#application/conversations/ports.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

export class MemoryPendingAnonymizations implements PendingAnonymizations {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(): Promise<UserId | undefined> {
    const [first] = [...this.#changes.all(this.#tables.pendingAnonymizations)].sort();
    return first;
  }

  async add(userId: UserId): Promise<void> {
    this.#changes.set(this.#tables.pendingAnonymizations, userId, userId);
  }

  /** One thread is a page. What is anonymised stays so, whatever becomes of the unit of work: the user is gone. */
  async anonymizePage(userId: UserId, after: TranscriptCursor | null): Promise<TranscriptCursor | null> {
    const [thread] = [...this.#tables.transcripts.keys()].filter((id) => after === null || id > after.threadId).sort();
    if (thread === undefined) return null;
    this.#tables.transcripts.get(thread)?.forgetAuthor(userId);
    return { threadId: thread, seq: Number.MAX_SAFE_INTEGER };
  }

  async remove(userId: UserId): Promise<void> {
    this.#changes.remove(this.#tables.pendingAnonymizations, userId);
  }
}
