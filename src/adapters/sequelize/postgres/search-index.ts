/** The search index on PostgreSQL: a `tsvector` for each message, made of our own terms, and a GIN index on them. */
import type pg from 'pg';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { Clause, SearchQuery } from '#domain/text/search-query.ts';
import { mapReadError } from '../shared/failures.ts';
import { postgresCode } from '../shared/postgres-codes.ts';
import type { IndexedMessage, Progress, SearchIndex, Sought } from '../shared/search-index.ts';
import { isSearchKeeper } from './advisory-lock.ts';
import { mapErrors } from './queries.ts';
import { inTransaction } from './transactions.ts';

const DOCUMENTS_PER_REMOVAL = 500;
/** PostgreSQL has no more of one term. */
const POSITIONS_MAX = 255;
const CANCELLED = '57014';
/** Until it has statistics, PostgreSQL takes every word for a rare one; later it looks by itself. */
const FIRST_ANALYZE_AT = 5_000;

/** Unprepared, so that it is planned for its values: whether a word is common decides how it is looked up. */
const FIND = `
  SELECT row_id FROM search_documents
  WHERE words @@ $1::tsquery AND thread_id = ANY ($2::text[]) AND row_id <= $3 ORDER BY row_id DESC LIMIT $4`;
const ADD = `
  INSERT INTO search_documents (row_id, thread_id, words)
  SELECT row_id, thread_id, words::tsvector
  FROM json_to_recordset($1::json) AS documents (row_id bigint, thread_id text, words text)
  ON CONFLICT (row_id) DO UPDATE SET thread_id = EXCLUDED.thread_id, words = EXCLUDED.words`;
const ADD_PROGRESS = `
  INSERT INTO search_progress (thread_id, upto_seq)
  SELECT thread_id, upto_seq FROM json_to_recordset($1::json) AS progress (thread_id text, upto_seq integer)
  ON CONFLICT (thread_id) DO UPDATE SET upto_seq = EXCLUDED.upto_seq`;
const REMOVE_PAGE = `
  DELETE FROM search_documents WHERE row_id IN (
    SELECT row_id FROM search_documents WHERE thread_id = $1 LIMIT ${DOCUMENTS_PER_REMOVAL})`;

export class PostgresSearchIndex implements SearchIndex {
  /** With a time limit. */
  readonly #searches: pg.Pool;
  /** Of one connection, which holds the lock of whoever keeps the index. */
  readonly #upkeep: pg.Pool;
  #added = 0;
  #analyzeAt = FIRST_ANALYZE_AT;

  constructor(deps: Readonly<{ searches: pg.Pool; upkeep: pg.Pool }>) {
    this.#searches = deps.searches;
    this.#upkeep = deps.upkeep;
  }

  async find({ threads, query, mode, newest, limit }: Sought): Promise<readonly number[]> {
    const wanted = mode === 'all' ? [query] : query.map((clause) => [clause]);
    const share = Math.ceil(limit / wanted.length);
    const threadIds = threads.map(({ id }) => id);
    const found: number[] = [];
    for (const clauses of wanted) found.push(...(await this.#find([tsqueryOf(clauses), threadIds, newest, share])));
    return [...new Set(found)].sort((a, b) => b - a).slice(0, limit);
  }

  async #find(values: readonly unknown[]): Promise<readonly number[]> {
    try {
      const { rows } = await this.#searches.query<{ row_id: number }>(FIND, [...values]);
      return rows.map((row) => row.row_id);
    } catch (error) {
      throw postgresCode(error) === CANCELLED ? conversationErrors.searchTimeout() : mapReadError(error);
    }
  }

  async isOurs(): Promise<boolean> {
    return mapErrors(isSearchKeeper(this.#upkeep), mapReadError);
  }

  async add(messages: readonly IndexedMessage[], progress: readonly Progress[]): Promise<void> {
    const documents = messages.map(({ rowId, threadId, terms }) => ({
      row_id: rowId,
      thread_id: threadId,
      words: tsvectorOf(terms),
    }));
    const reached = progress.map(({ thread, uptoSeq }) => ({ thread_id: thread.id, upto_seq: uptoSeq }));
    const writing = inTransaction(this.#upkeep, async (client) => {
      await client.query({ name: 'index-messages', text: ADD, values: [JSON.stringify(documents)] });
      await client.query({ name: 'index-progress', text: ADD_PROGRESS, values: [JSON.stringify(reached)] });
    });
    await mapErrors(writing);
    this.#added += messages.length;
    if (this.#added >= this.#analyzeAt) await this.#analyze();
  }

  /** Each time that there is twice as much. */
  async #analyze(): Promise<void> {
    await mapErrors(this.#upkeep.query('ANALYZE search_documents'));
    this.#analyzeAt = 2 * this.#added;
  }

  async removePage(threadId: string): Promise<boolean> {
    const removing = inTransaction(this.#upkeep, async (client) => {
      const { rowCount } = await client.query(REMOVE_PAGE, [threadId]);
      const isDone = (rowCount ?? 0) < DOCUMENTS_PER_REMOVAL;
      if (isDone) await client.query('DELETE FROM search_progress WHERE thread_id = $1', [threadId]);
      return isDone;
    });
    return mapErrors(removing);
  }
}

/** Each term with the places where it stands. Terms have neither quotes nor backslashes. */
function tsvectorOf(terms: readonly string[]): string {
  const places = new Map<string, number[]>();
  for (const [index, term] of terms.entries()) {
    const known = places.get(term);
    if (known === undefined) places.set(term, [index + 1]);
    else if (known.length < POSITIONS_MAX) known.push(index + 1);
  }
  return [...places].map(([term, at]) => `'${term}':${at.join(',')}`).join(' ');
}

function tsqueryOf(query: SearchQuery): string {
  return query.map(clauseOf).join(' & ');
}

function clauseOf({ terms, prefix }: Clause): string {
  const quoted = terms.map((term) => `'${term}'`);
  return `(${quoted.join(' <-> ')}${prefix ? ':*' : ''})`;
}
