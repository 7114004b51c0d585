/** What a search reads beside its index: which threads, their messages, and what their windows show. */
import type { Candidate } from '#application/conversations/search/search-page.ts';
import type { SeqRange } from '#domain/conversations/compose-window.ts';
import type { MessageRole } from '#domain/conversations/message.ts';
import { searchedText } from '#domain/conversations/searched-text.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { type Dialect, statement } from '../shared/statement.ts';

/** Messages `first..last` of a thread, as statements take them: in a JSON list. */
export type ThreadRange = readonly [threadId: string, first: number, last: number];

/** A thread, who may read it, and how far it is indexed for them. */
export type SearchedThread = Readonly<{ id: ThreadId; audience: string; last_seq: number; upto_seq: number }>;

/** Whose conversation it is: a game's, or its owner's alone. */
const AUDIENCE = 'COALESCE(game_id, owner_id)';
const ACTIVITY = 'COALESCE(last_message_at, created_at)';
/** The index of SQLite is by audience: a thread that has got another one since is not in it. */
const IS_CURRENT: Readonly<Record<Dialect, string>> = { sqlite: `audience = ${AUDIENCE}`, postgres: 'TRUE' };
const PROGRESS = (dialect: Dialect) =>
  `threads LEFT JOIN search_progress ON search_progress.thread_id = threads.id AND ${IS_CURRENT[dialect]}`;
const COLUMNS = `threads.id, ${AUDIENCE} AS audience, last_seq, COALESCE(upto_seq, 0) AS upto_seq`;

const readable = (dialect: Dialect, whose: string) => `
  SELECT ${COLUMNS}, ${ACTIVITY} AS active_at FROM ${PROGRESS(dialect)}
  WHERE ${whose} AND deleted_at IS NULL AND (:thread IS NULL OR threads.id = :thread)
    AND (:workspace IS NULL OR workspace_id = :workspace)`;
const GAMES_OF_USER = 'SELECT game_id FROM game_members WHERE user_id = :user';

/** One of a user and their games, or those in a workspace, at this moment: latest first. */
export const READABLE_THREADS = statement(
  'readable-threads',
  { user: 'text', thread: 'text?', workspace: 'text?' },
  (dialect) => `${readable(dialect, 'owner_id = :user')} UNION ALL
    ${readable(dialect, `owner_id <> :user AND game_id IN (${GAMES_OF_USER})`)} ORDER BY active_at DESC`,
  (row: SearchedThread): SearchedThread => row,
);

const RANGES: Readonly<Record<Dialect, string>> = {
  sqlite: `SELECT value ->> 0 AS thread, value ->> 1 AS first, value ->> 2 AS last, key AS place
    FROM json_each(:ranges)`,
  postgres: `SELECT value ->> 0 AS thread, (value ->> 1)::integer AS first, (value ->> 2)::integer AS last, place
    FROM json_array_elements(:ranges::json) WITH ORDINALITY AS listed (value, place)`,
};
const IDS: Readonly<Record<Dialect, string>> = {
  sqlite: 'SELECT value FROM json_each(:ids)',
  postgres: 'SELECT value::bigint FROM json_array_elements_text(:ids::json) AS listed (value)',
};
const THREADS: Readonly<Record<Dialect, string>> = {
  sqlite: 'SELECT value FROM json_each(:threads)',
  postgres: 'SELECT value FROM json_array_elements_text(:threads::json) AS listed (value)',
};

/** Neither database reads a long text for its length. */
const BYTES = 'octet_length(content) + coalesce(octet_length(tool_calls), 0)';

type TextRow = Readonly<{
  row_id: number;
  thread_id: string;
  seq: number;
  role: string;
  created_at: number;
  /** Null of what came after too much text. */
  content: string | null;
  tool_calls: string | null;
}>;

/** A message, with its text or, after too much text, without. */
export type SearchedMessage = Omit<Candidate, 'text'> & Readonly<{ rowId: number; text: string | null }>;

function searchedFrom(row: TextRow): SearchedMessage {
  const { content, tool_calls: calls } = row;
  return {
    rowId: row.row_id,
    threadId: row.thread_id as ThreadId,
    seq: row.seq,
    role: row.role as MessageRole,
    createdAt: new Date(Number(row.created_at)),
    text: content === null ? null : searchedText({ content, toolCalls: calls === null ? null : JSON.parse(calls) }),
  };
}

const FOUND: Readonly<Record<Dialect, string>> = {
  // Lengths first: it would read whole texts to put them in order, those that are too much too.
  sqlite: `
    lengths AS (
      SELECT row_id, ${BYTES} AS bytes FROM messages WHERE row_id IN (${IDS.sqlite})
    ), sums AS (
      SELECT row_id, sum(bytes) OVER newest_first AS total, row_number() OVER newest_first AS nth
      FROM lengths WINDOW newest_first AS (ORDER BY row_id DESC)
    ), found AS (
      SELECT messages.*, total, nth FROM sums JOIN messages ON messages.row_id = sums.row_id
    )`,
  // All at once: it takes a long text by its place, and reads it only where it is selected.
  postgres: `
    found AS (
      SELECT *, sum(${BYTES}) OVER newest_first AS total, row_number() OVER newest_first AS nth
      FROM messages WHERE row_id IN (${IDS.postgres}) WINDOW newest_first AS (ORDER BY row_id DESC)
    )`,
};
const IS_READ = '(total <= :bytes OR nth = 1)';

/**
 * Messages by their `row_id`, newest first; texts as far as they are no more than `:bytes` together, but one at least.
 */
export const MESSAGES_BY_ID = statement(
  'searched-messages',
  { ids: 'text', bytes: 'bigint' },
  (dialect) => `
    WITH ${FOUND[dialect]}
    SELECT row_id, thread_id, seq, role, created_at, CASE WHEN ${IS_READ} THEN content END AS content,
      CASE WHEN ${IS_READ} THEN tool_calls END AS tool_calls
    FROM found ORDER BY row_id DESC`,
  searchedFrom,
);

const IN_RANGES: Readonly<Record<Dialect, string>> = {
  sqlite: `(${RANGES.sqlite}) AS ranges CROSS JOIN messages
    WHERE messages.thread_id = ranges.thread AND seq BETWEEN ranges.first AND ranges.last`,
  // `OFFSET 0`: range by range, by the key of their thread. It cannot know that ranges are short.
  postgres: `(${RANGES.postgres}) AS ranges CROSS JOIN LATERAL (
      SELECT * FROM messages WHERE thread_id = ranges.thread AND seq BETWEEN ranges.first AND ranges.last OFFSET 0
    ) AS messages WHERE TRUE`,
};

/** Messages of some ranges in their order, as far as they are no more than `:bytes` together, but one at least. */
export const MESSAGES_IN_RANGES = statement(
  'searched-ranges',
  { ranges: 'text', bytes: 'bigint' },
  (dialect) => `
    WITH lengths AS (
      SELECT row_id, place, seq, ${BYTES} AS bytes FROM ${IN_RANGES[dialect]}
    ), sums AS (
      SELECT row_id, row_number() OVER in_order AS nth, sum(bytes) OVER in_order AS total
      FROM lengths WINDOW in_order AS (ORDER BY place, seq)
    )
    SELECT messages.row_id, thread_id, messages.seq, role, created_at, content, tool_calls
    FROM sums JOIN messages ON messages.row_id = sums.row_id WHERE nth = 1 OR total <= :bytes ORDER BY nth`,
  searchedFrom,
);

export const ROW_ID = statement(
  'searched-row-id',
  { thread: 'text', seq: 'bigint' },
  'SELECT row_id FROM messages WHERE thread_id = :thread AND seq = :seq',
  ({ row_id }: { row_id: number }) => row_id,
);

/** Which messages a thread's window shows word for word: what is after a seq, and runs before it. */
export type ShownRow = Readonly<{ id: string; upto_seq: number; runs: string | null }>;

const RUNS: Readonly<Record<Dialect, string>> = {
  sqlite: `SELECT json_group_array(json_object('fromSeq', value ->> 'fromSeq', 'toSeq', value ->> 'toSeq'))
    FROM json_each(revisions.entries) WHERE value ->> 'kind' = 'messages'`,
  postgres: `SELECT json_agg(json_build_object('fromSeq', entry -> 'fromSeq', 'toSeq', entry -> 'toSeq'))::text
    FROM json_array_elements(revisions.entries::json) AS entry WHERE entry ->> 'kind' = 'messages'`,
};

export const SHOWN_MESSAGES = statement(
  'shown-messages',
  { threads: 'text' },
  (dialect) => `
    SELECT threads.id, COALESCE(revisions.upto_seq, 0) AS upto_seq, (${RUNS[dialect]}) AS runs
    FROM threads LEFT JOIN revisions ON revisions.thread_id = threads.id AND revisions.id = threads.revision
    WHERE threads.id IN (${THREADS[dialect]})`,
  (row: ShownRow) => ({ ...row, runs: JSON.parse(row.runs ?? '[]') as readonly SeqRange[] }),
);

/** Threads with messages that are not indexed, latest first. */
export const UNINDEXED_THREADS = statement(
  'unindexed-threads',
  { limit: 'integer' },
  (dialect) => `SELECT ${COLUMNS} FROM ${PROGRESS(dialect)}
    WHERE deleted_at IS NULL AND last_seq > COALESCE(upto_seq, 0) ORDER BY ${ACTIVITY} DESC LIMIT :limit`,
  (row: SearchedThread): SearchedThread => row,
);

export const UNINDEXED_COUNT = statement(
  'unindexed-count',
  {},
  (dialect) => `SELECT COALESCE(SUM(last_seq - COALESCE(upto_seq, 0)), 0) AS count FROM ${PROGRESS(dialect)}
    WHERE deleted_at IS NULL AND last_seq > COALESCE(upto_seq, 0)`,
  ({ count }: { count: number }) => Number(count),
);

/**
 * An indexed thread that is deleted, that others may read now, or whose transcript is shorter than what was indexed,
 * because it is another one.
 */
export const STALE_THREAD = statement(
  'stale-thread',
  {},
  (dialect) => `SELECT thread_id FROM search_progress LEFT JOIN threads ON id = thread_id
    WHERE id IS NULL OR deleted_at IS NOT NULL OR last_seq < upto_seq OR NOT (${IS_CURRENT[dialect]}) LIMIT 1`,
  (row: { thread_id: string }) => row.thread_id,
);
