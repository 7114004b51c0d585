/** Threads as they are read on SQLite: from the rows in the process, where they are there. */
import type { ThreadReads } from '#application/conversations/ports.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { PreparedThreadReads, THREAD_ROW } from '../conversations/thread-reads.ts';
import type { ThreadRowCache } from '../conversations/thread-row-cache.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import { reading, SqliteQueries } from './queries.ts';

export class SqliteThreadReads implements ThreadReads {
  readonly #statements: PreparedStatements;
  readonly #cache: ThreadRowCache;
  readonly listByUser: ThreadReads['listByUser'];

  constructor({ statements, threads }: Readonly<{ statements: PreparedStatements; threads: ThreadRowCache }>) {
    this.#statements = statements;
    this.#cache = threads;
    const reads = new PreparedThreadReads(new SqliteQueries(statements));
    this.listByUser = (userId, page) => reads.listByUser(userId, page);
  }

  find(id: ThreadId): Promise<Thread | undefined> {
    return reading(() => {
      const row = this.#cache.find(id) ?? this.#lookUp(id);
      return row && threadFrom(row);
    });
  }

  /** Read and put in one step: a change between the two would leave an older row in the cache. */
  #lookUp(id: ThreadId): ThreadRow | undefined {
    const row = this.#statements.one(THREAD_ROW, { id });
    if (row !== undefined) this.#cache.put(row);
    return row;
  }
}
