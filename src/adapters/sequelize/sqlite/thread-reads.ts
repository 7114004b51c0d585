/** Threads as they are read outside a unit of work: prepared statements on the reader connection. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ThreadCursor, ThreadReads } from '#application/conversations/ports.ts';
import type { Page } from '#application/shared/page.ts';
import { lastActivityAt, type Thread } from '#domain/conversations/thread.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import { olderThan, pageOf } from '../shared/keyset.ts';
import { all, one, reading } from './reading.ts';
import type { ThreadRowCache } from './thread-row-cache.ts';

/** The same expression as in the indexes `threads_by_activity` and `threads_by_game`. */
const ACTIVITY = 'COALESCE(last_message_at, created_at)';

const IN_ORDER = `ORDER BY ${ACTIVITY} DESC, id DESC LIMIT :limit`;
/** One branch per index: each reads no more rows than a page has. */
const listWhere = (condition: string) => {
  const branch = (whose: string) => `
    SELECT * FROM (
      SELECT * FROM threads
      WHERE ${whose} AND ${ACTIVITY} <= :at AND (${ACTIVITY} < :at OR id < :id) AND ${condition} ${IN_ORDER})`;
  const hisGames = 'SELECT game_id FROM game_members WHERE user_id = :user';
  const inHisGames = branch(`game_id IN (${hisGames}) AND owner_id <> :user`);
  return `SELECT * FROM (${branch('owner_id = :user')} UNION ALL ${inHisGames}) ${IN_ORDER}`;
};

export class SqliteThreadReads implements ThreadReads {
  readonly #byId: StatementSync;
  readonly #page: StatementSync;
  readonly #search: StatementSync;
  readonly #kept: ThreadRowCache;

  constructor({ reader, threads }: Readonly<{ reader: DatabaseSync; threads: ThreadRowCache }>) {
    this.#kept = threads;
    this.#byId = reader.prepare('SELECT * FROM threads WHERE id = ?');
    this.#page = reader.prepare(listWhere('TRUE'));
    this.#search = reader.prepare(listWhere('instr(folded(title), :query) > 0'));
  }

  find(id: ThreadId): Promise<Thread | undefined> {
    return reading(() => {
      const row = this.#kept.find(id) ?? this.#lookUp(id);
      return row === undefined ? undefined : threadFrom(row);
    });
  }

  #lookUp(id: ThreadId): ThreadRow | undefined {
    const row = one<ThreadRow>(this.#byId, id);
    if (row !== undefined) this.#kept.put(row);
    return row;
  }

  listByUser(
    userId: UserId,
    page: Readonly<{ limit: number; cursor?: ThreadCursor; query?: string }>,
  ): Promise<Page<Thread, ThreadCursor>> {
    const start = olderThan(page.cursor);
    const range = { user: userId, ...start, limit: page.limit + 1 };
    return reading(() => {
      const rows = page.query
        ? all<ThreadRow>(this.#search, { ...range, query: page.query.toLowerCase() })
        : all<ThreadRow>(this.#page, range);
      return pageOf(rows.map(threadFrom), page.limit, cursorOf);
    });
  }
}

function cursorOf(thread: Thread): ThreadCursor {
  return { at: lastActivityAt(thread), id: thread.id };
}
