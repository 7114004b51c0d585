/** The authors of messages, in memory. */
import type { MessageAuthors, TranscriptCursor } from '#application/conversations/ports.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { MemoryTables } from '../shared/tables.ts';

export class MemoryMessageAuthors implements MessageAuthors {
  readonly #tables: MemoryTables;

  constructor(deps: Readonly<{ tables: MemoryTables }>) {
    this.#tables = deps.tables;
  }

  /** One thread is a page. What is anonymised stays so, whatever becomes of the unit of work: the user is gone. */
  async anonymizePage(userId: UserId, after: TranscriptCursor | null): Promise<TranscriptCursor | null> {
    const [thread] = [...this.#tables.transcripts.keys()].filter((id) => after === null || id > after.threadId).sort();
    if (thread === undefined) return null;
    this.#tables.transcripts.get(thread)?.forgetAuthor(userId);
    return { threadId: thread, seq: Number.MAX_SAFE_INTEGER };
  }
}
