/** Threads as they are read outside a unit of work: prepared statements on the pool. */
import type pg from 'pg';
import type { ThreadCursor, ThreadReads } from '#application/conversations/ports.ts';
import type { Page } from '#application/shared/page.ts';
import { lastActivityAt, type Thread } from '#domain/conversations/thread.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import { olderThan, pageOf } from '../shared/keyset.ts';
import { all, one } from './reading.ts';

/** The same expression as in the indexes `threads_by_activity` and `threads_by_game`. */
const ACTIVITY = 'COALESCE(last_message_at, created_at)';

/** Whose; after which time and id; how many. One branch per index: each reads no more rows than a page has. */
const listWhere = (condition: string) => {
  const inOrder = `ORDER BY ${ACTIVITY} DESC, id DESC LIMIT $4`;
  const branch = (whose: string) => `(
    SELECT * FROM threads
    WHERE ${whose} AND (${ACTIVITY}, id) < ($2::bigint, $3) AND ${condition} ${inOrder})`;
  const inHisGames = branch('game_id IN (SELECT game_id FROM game_members WHERE user_id = $1) AND owner_id <> $1');
  return `SELECT * FROM (${branch('owner_id = $1')} UNION ALL ${inHisGames}) AS found ${inOrder}`;
};

/** The rules of Unicode, whatever the locale of the database is. */
const folded = (text: string) => `lower(${text} COLLATE "und-x-icu")`;

const STATEMENTS = {
  byId: { name: 'thread-by-id', text: 'SELECT * FROM threads WHERE id = $1' },
  page: { name: 'threads-page', text: listWhere('TRUE') },
  search: { name: 'threads-search', text: listWhere(`strpos(${folded('title')}, ${folded('$5')}) > 0`) },
};

export class PostgresThreadReads implements ThreadReads {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async find(id: ThreadId): Promise<Thread | undefined> {
    const row = await one<ThreadRow>(this.#pool, STATEMENTS.byId, id);
    return row && threadFrom(row);
  }

  async listByUser(
    userId: UserId,
    page: Readonly<{ limit: number; cursor?: ThreadCursor; query?: string }>,
  ): Promise<Page<Thread, ThreadCursor>> {
    const start = olderThan(page.cursor);
    const range = [userId, start.at, start.id, page.limit + 1];
    const rows = page.query
      ? await all<ThreadRow>(this.#pool, STATEMENTS.search, ...range, page.query)
      : await all<ThreadRow>(this.#pool, STATEMENTS.page, ...range);
    return pageOf(rows.map(threadFrom), page.limit, cursorOf);
  }
}

function cursorOf(thread: Thread): ThreadCursor {
  return { at: lastActivityAt(thread), id: thread.id };
}
