/** The SQL by which appends that wait together share a statement: as exact for each of them as if it came alone. */
import { MESSAGE } from '../conversations/conversation-rows.ts';
import { APPEND, type appendValues, mayAppend } from '../conversations/thread-updates.ts';
import type { ThreadRow } from '../conversations/threads.ts';
import { statement } from '../shared/statement.ts';

/** An append as the statements take it: a row of a JSON list. */
export type AppendRow = ReturnType<typeof appendValues>;

const COLUMNS = Object.entries({ ...APPEND.types, ...MESSAGE.types })
  .map(([name, type]) => `${name} ${type.replace('?', '')}`)
  .join(', ');

/** A message's columns, as the row of an append has them. */
const VALUES = MESSAGE.values.replaceAll(':', '');

/**
 * Numbers by which an append stands in its statement. `total` and `rank` count those before it in its thread whether or
 * not they fit, so that what fits is a beginning; `size_upto` and `nth` count what fits alone.
 */
const COUNTED = `
  admitted AS (
    SELECT appends.*, thread.last_seq, thread.window_size, thread.window_entries, thread.title AS thread_title,
      sum(size) OVER upto AS total, row_number() OVER upto AS rank
    FROM appends JOIN locked AS thread ON thread.id = appends.thread_id
    WHERE NOT archived AND appends.version = thread.version AND appends.estimator = thread.estimator
      AND ${mayAppend('thread', 'appends.author_id')}
    WINDOW upto AS (PARTITION BY thread_id ORDER BY place)
  ), judged AS (
    SELECT *, window_size + total < size_below AND window_entries + rank <= max_entries AS fits FROM admitted
  ), counted AS MATERIALIZED (
    SELECT *, count(*) FILTER (WHERE fits) OVER upto AS nth, count(*) FILTER (WHERE fits) OVER thread AS fitting,
      COALESCE(sum(size) FILTER (WHERE fits) OVER upto, 0) AS size_upto,
      COALESCE(sum(size) FILTER (WHERE fits) OVER thread, 0) AS size_fitting,
      COALESCE(thread_title, (array_agg(title) FILTER (WHERE fits AND title IS NOT NULL) OVER upto)[1]) AS title_upto
    FROM judged WINDOW thread AS (PARTITION BY thread_id), upto AS (PARTITION BY thread_id ORDER BY place)
  )`;

/** How one append of a statement ended. */
export type AppendOutcome = Readonly<{
  /** Its place in the list that the statement was given. */
  place: number;
  /** The thread as it is after it; undefined where it was not appended. */
  thread: ThreadRow | undefined;
  /** Whether it was passed over, because of the row's lock or of larger ones before it: it may succeed another time. */
  passedOver: boolean;
}>;

type OutcomeRow = ThreadRow & Readonly<{ place: number; fits: boolean; passed_over: boolean }>;

function outcomeFrom({ place, fits, passed_over, ...row }: OutcomeRow): AppendOutcome {
  return { place, thread: fits ? row : undefined, passedOver: passed_over };
}

/**
 * `SKIP LOCKED`: whoever holds the row of one thread does not hold up the others. The rows are read as they are under
 * their locks, not as they were when the statement began.
 */
function appending(lock: 'skip' | 'wait') {
  return statement(
    `append-${lock}`,
    { appends: 'text' },
    `WITH appends AS MATERIALIZED (
    SELECT * FROM json_to_recordset(:appends::json) AS appends (place integer, ${COLUMNS})
  ), locked AS MATERIALIZED (
    SELECT * FROM threads WHERE id = ANY (ARRAY(SELECT thread_id FROM appends)) FOR NO KEY UPDATE ${lock === 'skip' ? 'SKIP LOCKED' : ''}
  ), ${COUNTED}, updated AS (
    UPDATE threads
    SET last_seq = threads.last_seq + fitting, window_size = threads.window_size + size_fitting,
      window_entries = threads.window_entries + fitting, last_message_at = newest.created_at, title = title_upto
    FROM counted AS newest WHERE threads.id = newest.thread_id AND fits AND nth = fitting
  ), added AS (
    INSERT INTO messages (thread_id, seq, ${MESSAGE.columns}) SELECT thread_id, last_seq + nth, ${VALUES}
    FROM counted WHERE fits
  )
  SELECT appends.place, COALESCE(fits, FALSE) AS fits,
    ${lock === 'skip' ? 'thread.id IS NULL OR' : ''} COALESCE(
      NOT fits AND counted.window_size + size_fitting + counted.size < counted.size_below
        AND counted.window_entries + fitting < counted.max_entries, FALSE) AS passed_over,
    thread.id, owner_id, workspace_id, game_id, title_upto AS title, system_prompt, thread.created_at,
    appends.created_at AS last_message_at, archived, thread.version, thread.revision, thread.estimator,
    thread.last_seq + nth AS last_seq, thread.window_size + size_upto AS window_size,
    thread.window_entries + nth AS window_entries
  FROM appends LEFT JOIN locked AS thread ON thread.id = appends.thread_id
    LEFT JOIN counted ON counted.place = appends.place`,
    outcomeFrom,
  );
}

/** Appends to any threads; those to threads that others hold at this moment are passed over. */
export const APPEND_SKIPPING = appending('skip');
/** Appends to one thread; waits for whoever holds it. */
export const APPEND_WAITING = appending('wait');

/** What either of them is given. A text that is no Unicode is stored as the driver would have sent it. */
export function listOf(rows: readonly AppendRow[]): string {
  return JSON.stringify(rows.map((row, place) => ({ place, ...wellFormed(row) })));
}

function wellFormed(row: AppendRow): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? value.toWellFormed() : value]),
  );
}
