/** Windows, messages and revisions as they are read, outside a unit of work. */
import type {
  CitingMessage,
  ConversationReads,
  MessagesRange,
  StoredMessage,
  ThreadSnapshot,
  WindowCopy,
} from '#application/conversations/ports.ts';
import { citesLibrary } from '#domain/conversations/citations/citations.ts';
import {
  type ComposedWindow,
  type CountedEntry,
  composeWindow,
  extendedWindow,
  rangesAfter,
  type SeqRange,
  verbatimRanges,
} from '#domain/conversations/compose-window.ts';
import type { ContextEvent, Revision } from '#domain/conversations/revision.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Queries } from '../shared/queries.ts';
import { type Dialect, statement } from '../shared/statement.ts';
import {
  citingFrom,
  countedEntryFrom,
  eventFrom,
  type HeadRow,
  headFrom,
  MESSAGE,
  messageFrom,
  revisionFrom,
} from './conversation-rows.ts';
import { type ThreadRow, threadFrom } from './threads.ts';

/** Below every version. */
const NO_VERSION = -1;
/** After every number that a store gives. */
const END = Number.MAX_SAFE_INTEGER;

const PINS: Readonly<Record<Dialect, string>> = {
  sqlite: '(SELECT json_group_array(seq) FROM pins WHERE thread_id = threads.id)',
  postgres: 'array_to_json(ARRAY(SELECT seq FROM pins WHERE thread_id = threads.id))::text',
};
/** Of a JSON list of pairs. */
const RANGES: Readonly<Record<Dialect, string>> = {
  sqlite: 'SELECT value ->> 0 AS first, value ->> 1 AS last FROM json_each(:ranges)',
  postgres: `SELECT (value ->> 0)::integer AS first, (value ->> 1)::integer AS last
    FROM json_array_elements(:ranges::json) AS pairs (value)`,
};
const IN_RANGE: Readonly<Record<Dialect, string>> = {
  sqlite: 'messages WHERE thread_id = :thread AND seq BETWEEN ranges.first AND ranges.last',
  postgres: `LATERAL (
    SELECT * FROM messages WHERE thread_id = :thread AND seq BETWEEN ranges.first AND ranges.last ORDER BY seq
  ) AS messages`,
};
const PINNED = 'EXISTS (SELECT 1 FROM pins WHERE pins.thread_id = messages.thread_id AND pins.seq = messages.seq)';
const MESSAGES = `
  SELECT thread_id, seq, ${MESSAGE.columns}, ${PINNED} AS pinned FROM messages WHERE thread_id = :thread`;
const BY = `(SELECT user_id FROM compactors
  WHERE compactors.thread_id = revisions.thread_id AND compactors.revision = revisions.id) AS by_user_id`;
const REVISION = 'FROM revisions WHERE thread_id = :thread';

/**
 * The thread with its head revision and its pins: at one moment, because it is one statement. Of a version that is
 * known, neither is read.
 */
const HEAD = statement(
  'window-head',
  { thread: 'text', known: 'integer' },
  (dialect) => `
    SELECT threads.*, revisions.upto_seq AS head_upto_seq, revisions.entries AS head_entries,
      revisions.estimator AS head_estimator, CASE version WHEN :known THEN '[]' ELSE ${PINS[dialect]} END AS pins
    FROM threads LEFT JOIN revisions
      ON revisions.thread_id = threads.id AND revisions.id = threads.revision AND version <> :known
    WHERE threads.id = :thread AND deleted_at IS NULL`,
  (row: ThreadRow & HeadRow & { pins: string }) => ({
    thread: threadFrom(row),
    head: headFrom(row),
    pins: new Set<number>(JSON.parse(row.pins)),
  }),
);
/**
 * Ranges first: each is looked up by the key of its thread, in order. PostgreSQL is given no choice: of a table that it
 * has no statistics of, it would read the whole thread.
 */
const ENTRIES = statement(
  'window-entries',
  { thread: 'text', ranges: 'text' },
  (dialect) => `
    SELECT seq, role, name, content, tool_calls, tool_call_id, size, estimator
    FROM (${RANGES[dialect]}) AS ranges CROSS JOIN ${IN_RANGE[dialect]}`,
  countedEntryFrom,
);
const MESSAGE_AT = statement('message', { thread: 'text', seq: 'bigint' }, `${MESSAGES} AND seq = :seq`, messageFrom);
/** What a page ends before: its numbers have no gap, so they say where it begins. */
const BEFORE_OR_END = `(SELECT CASE WHEN last_seq < :before THEN last_seq + 1 ELSE :before END
  FROM threads WHERE id = :thread)`;
const BEFORE = statement(
  'messages-before',
  { thread: 'text', before: 'bigint', limit: 'integer', bytes: 'bigint' },
  page(`seq < :before AND seq >= ${BEFORE_OR_END} - :limit`, 'seq DESC'),
  messageFrom,
);
const AFTER = statement(
  'messages-after',
  { thread: 'text', after: 'bigint', limit: 'integer', bytes: 'bigint' },
  page('seq > :after AND seq <= :after + :limit', 'seq'),
  messageFrom,
);
const PINS_OF = statement(
  'pins',
  { thread: 'text' },
  'SELECT seq FROM pins WHERE thread_id = :thread',
  ({ seq }: { seq: number }) => seq,
);
/** As the index of these messages has it; the few others among them have something else of that name. */
const CITING = statement(
  'citing-messages',
  { thread: 'text' },
  `SELECT seq, role, author_id, metadata FROM messages
   WHERE thread_id = :thread AND author_id IS NULL AND role = 'assistant' AND metadata LIKE '%"citations":[%'
   ORDER BY seq`,
  citingFrom,
);
const REVISION_AT = statement(
  'revision',
  { thread: 'text', id: 'bigint' },
  `SELECT revisions.*, ${BY} ${REVISION} AND id = :id`,
  revisionFrom,
);
const EVENTS = statement(
  'events',
  { thread: 'text', after: 'bigint', before: 'bigint', limit: 'integer' },
  `SELECT event, ${BY} ${REVISION} AND id > :after AND id < :before ORDER BY id DESC LIMIT :limit`,
  eventFrom,
);

export class PreparedConversationReads implements ConversationReads {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async snapshot(id: ThreadId, copy?: WindowCopy): Promise<ThreadSnapshot | undefined> {
    const found = await this.#queries.one(HEAD, { thread: id, known: copy?.version ?? NO_VERSION });
    if (found === undefined) return undefined;
    const { thread, head, pins } = found;
    const known = copy?.version === thread.version ? copy : undefined;
    const ranges = known ? rangesAfter(known.lastSeq, thread.lastSeq) : verbatimRanges(head, thread.lastSeq);
    const messages = await this.#entries(id, ranges);
    // Messages never change, so those up to `lastSeq` are still what they were; they go only with their thread.
    if (messages.length < lengthOf(ranges)) return undefined;
    return { thread, ...(known ? extendedWindow(known, messages) : composeWindow(head, messages, pins)) };
  }

  async windowAt(id: ThreadId, revision: number, uptoSeq: number): Promise<ComposedWindow | undefined> {
    const head = revision === 0 ? undefined : await this.revision(id, revision);
    if (revision > 0 && head === undefined) return undefined;
    const messages = await this.#entries(id, verbatimRanges(head, uptoSeq));
    return composeWindow(head, messages, new Set(await this.#queries.all(PINS_OF, { thread: id })));
  }

  async #entries(id: ThreadId, ranges: readonly SeqRange[]): Promise<readonly CountedEntry[]> {
    if (ranges.length === 0) return [];
    return this.#queries.all(ENTRIES, { thread: id, ranges: JSON.stringify(ranges.map(pairOf)) });
  }

  message(id: ThreadId, seq: number): Promise<StoredMessage | undefined> {
    return this.#queries.one(MESSAGE_AT, { thread: id, seq });
  }

  async messages(
    id: ThreadId,
    { limit, maxBytes = END, before, after }: MessagesRange,
  ): Promise<readonly StoredMessage[]> {
    const page = { thread: id, limit, bytes: maxBytes };
    return after === undefined
      ? (await this.#queries.all(BEFORE, { ...page, before: before ?? END })).toReversed()
      : this.#queries.all(AFTER, { ...page, after });
  }

  async citing(id: ThreadId): Promise<readonly CitingMessage[]> {
    return (await this.#queries.all(CITING, { thread: id })).filter(citesLibrary);
  }

  revision(id: ThreadId, revision: number): Promise<Revision | undefined> {
    return this.#queries.one(REVISION_AT, { thread: id, id: revision });
  }

  events(
    id: ThreadId,
    { limit, after = 0, before = END }: Readonly<{ limit: number; after?: number; before?: number }>,
  ): Promise<readonly ContextEvent[]> {
    return this.#queries.all(EVENTS, { thread: id, after, before, limit });
  }
}

/**
 * Messages of a range from its beginning, as far as they are no more than `:bytes` together. The lengths are looked at
 * first: neither database reads a long text for its length.
 */
function page(range: string, order: string): string {
  return `
  WITH lengths AS (
    SELECT seq, octet_length(content) + coalesce(octet_length(tool_calls), 0) + octet_length(metadata) AS bytes
    FROM messages WHERE thread_id = :thread AND ${range} ORDER BY ${order} LIMIT :limit
  ), sums AS (
    SELECT seq, row_number() OVER (ORDER BY ${order}) AS nth, sum(bytes) OVER (ORDER BY ${order}) AS total FROM lengths
  )
  ${MESSAGES} AND ${range} AND seq IN (SELECT seq FROM sums WHERE nth = 1 OR total <= :bytes) ORDER BY ${order}`;
}

function pairOf({ fromSeq, toSeq }: SeqRange): readonly [number, number] {
  return [fromSeq, toSeq];
}

function lengthOf(ranges: readonly SeqRange[]): number {
  return ranges.reduce((sum, { fromSeq, toSeq }) => sum + toSeq - fromSeq + 1, 0);
}
