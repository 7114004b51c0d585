/** Threads as they are read outside a unit of work. */
import type { ThreadCursor, ThreadFilter, ThreadReads } from '#application/conversations/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { lastActivityAt, type Thread } from '#domain/conversations/thread.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { isOlder, olderThan, pageOf } from '../shared/keyset.ts';
import type { Queries } from '../shared/queries.ts';
import { type Dialect, statement } from '../shared/statement.ts';
import { type ThreadRow, threadFrom } from './threads.ts';

/** The same expression as in the indexes `threads_by_activity` and `threads_by_game`. */
const ACTIVITY = 'COALESCE(last_message_at, created_at)';
const IN_ORDER = `ORDER BY ${ACTIVITY} DESC, id DESC LIMIT :limit`;

/** One branch per index: each reads no more rows than a page has. */
const listWhere = (condition: string) => {
  const branch = (whose: string) => `
    SELECT * FROM (
      SELECT * FROM threads
      WHERE ${whose} AND workspace_id = :workspace AND deleted_at IS NULL AND ${isOlder(ACTIVITY, 'id')} AND ${condition} ${IN_ORDER}) AS branch`;
  const gamesOfUser = 'SELECT game_id FROM game_members WHERE user_id = :user';
  const inGames = branch(`game_id IN (${gamesOfUser}) AND owner_id <> :user`);
  return `SELECT * FROM (${branch('owner_id = :user')} UNION ALL ${inGames}) AS found ${IN_ORDER}`;
};

/** By the rules of Unicode: `folded` is a function of ours, and PostgreSQL's `lower` follows the locale unless told. */
const HAS_TITLE: Readonly<Record<Dialect, string>> = {
  sqlite: 'instr(folded(title), folded(:query)) > 0',
  postgres: 'strpos(lower(title COLLATE "und-x-icu"), lower(:query COLLATE "und-x-icu")) > 0',
};

const RANGE = { user: 'text', workspace: 'text', at: 'bigint', id: 'text', limit: 'integer' } as const;
export const THREAD_ROW = statement(
  'thread',
  { id: 'text' },
  'SELECT * FROM threads WHERE id = :id AND deleted_at IS NULL',
  (row: ThreadRow) => row,
);
const PAGE = statement('threads-page', RANGE, listWhere('TRUE'), threadFrom);
const FILTERED = statement(
  'threads-filtered',
  { ...RANGE, query: 'text', game: 'text?', archived: 'text?' },
  (dialect) =>
    listWhere(`(:game IS NULL OR game_id = :game) AND (:archived IS NULL OR archived = (:archived = 'yes'))
      AND (:query = '' OR ${HAS_TITLE[dialect]})`),
  threadFrom,
);

export class PreparedThreadReads implements ThreadReads {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async find(id: ThreadId): Promise<Thread | undefined> {
    const row = await this.#queries.one(THREAD_ROW, { id });
    return row && threadFrom(row);
  }

  async listByUser(
    userId: UserId,
    page: ThreadFilter & PageRequest<ThreadCursor>,
  ): Promise<Page<Thread, ThreadCursor>> {
    const range = { user: userId, workspace: page.workspaceId, ...olderThan(page.cursor), limit: page.limit + 1 };
    const { query = '', gameId: game = null } = page;
    const archived = page.archived === undefined ? null : page.archived ? 'yes' : 'no';
    const isFiltered = query !== '' || game !== null || archived !== null;
    const found = isFiltered
      ? await this.#queries.all(FILTERED, { ...range, query, game, archived })
      : await this.#queries.all(PAGE, range);
    return pageOf(found, page.limit, (thread) => ({ at: lastActivityAt(thread), id: thread.id }));
  }
}
