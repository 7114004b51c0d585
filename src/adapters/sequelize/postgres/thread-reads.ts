/** Threads as they are read on PostgreSQL: from the rows that are known in the process, where nobody else writes. */
import type { ThreadReads } from '#application/conversations/ports.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { PreparedThreadReads, THREAD_ROW } from '../conversations/thread-reads.ts';
import { threadFrom } from '../conversations/threads.ts';
import type { Queries } from '../shared/queries.ts';
import type { KnownThreads } from './known-threads.ts';

export class PostgresThreadReads implements ThreadReads {
  readonly #queries: Queries;
  readonly #known: KnownThreads;
  readonly listByUser: ThreadReads['listByUser'];

  constructor(queries: Queries, known: KnownThreads) {
    this.#queries = queries;
    this.#known = known;
    const reads = new PreparedThreadReads(queries);
    this.listByUser = (userId, page) => reads.listByUser(userId, page);
  }

  async find(id: ThreadId): Promise<Thread | undefined> {
    const known = this.#known.find(id);
    if (known !== undefined) return threadFrom(known);
    const mark = this.#known.mark();
    const row = await this.#queries.one(THREAD_ROW, { id });
    if (row === undefined) return undefined;
    this.#known.put(row, mark);
    return threadFrom(row);
  }
}
