/** The search index on SQLite: FTS5, without the texts. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clause, SearchQuery } from '#domain/text/search-query.ts';
import { mapError } from '../shared/failures.ts';
import type { IndexedMessage, IndexedThread, Progress, SearchIndex, Sought } from '../shared/search-index.ts';
import { reading } from './queries.ts';

/**
 * Behind a key; no term has it. FTS5 takes it for a letter, as all that is not ASCII. A thread's key with nothing
 * behind it is a term of each of its messages.
 */
const AFTER_KEY = '·';
/** Each is looked up by itself in one expression. */
const AUDIENCES_PER_LOOKUP = 100;
const DOCUMENTS_PER_REMOVAL = 500;

type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;
type Keys = ReadonlyMap<string, number>;
type Prefix = Readonly<{ terms: string; mark: string | undefined }>;

const NO_KEYS: Keys = new Map();

const FIND = 'SELECT rowid AS id FROM search_words WHERE search_words MATCH ?';
const SQL = {
  audiences: 'SELECT audience AS name, key FROM search_audiences WHERE audience IN (SELECT value FROM json_each(?))',
  threads: 'SELECT thread_id AS name, key FROM search_progress WHERE thread_id IN (SELECT value FROM json_each(?))',
  addAudience: 'INSERT OR IGNORE INTO search_audiences (audience) VALUES (?)',
  addThread: 'INSERT OR IGNORE INTO search_progress (thread_id, audience, upto_seq) VALUES (?, ?, 0)',
  progress: 'UPDATE search_progress SET upto_seq = ? WHERE thread_id = ?',
  find: `${FIND} AND rowid <= ? ORDER BY rowid DESC LIMIT ?`,
  add: 'INSERT OR REPLACE INTO search_words (rowid, terms) VALUES (?, ?)',
  page: `${FIND} LIMIT ${DOCUMENTS_PER_REMOVAL}`,
  remove: 'DELETE FROM search_words WHERE rowid = ?',
  forget: 'DELETE FROM search_progress WHERE thread_id = ?',
} as const;

export class SqliteSearchIndex implements SearchIndex {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;

  /** On the connection of `openSearchFile`. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Statements;
  }

  find({ threads, query, mode, newest, limit }: Sought): Promise<readonly number[]> {
    return reading(() => {
      const prefixes = this.#prefixesOf(threads);
      const wanted = mode === 'all' ? [query] : query.map((clause) => [clause]);
      const share = Math.ceil(limit / wanted.length);
      const found = wanted.flatMap((clauses) => this.#find(expressionsOf(prefixes, clauses), newest, share));
      return newestOf(found, limit);
    });
  }

  /** What stands before the terms of an audience, and, where only one thread is searched, the term that marks it. */
  #prefixesOf(threads: readonly IndexedThread[]): readonly Prefix[] {
    const audiences = [...new Set(threads.map(({ audience }) => audience))];
    const [first] = threads;
    const keys = threads.length === 1 && first !== undefined ? this.#keysOf('threads', [first.id]) : NO_KEYS;
    const [mark] = [...keys.values()].map(prefixOf);
    return [...this.#keysOf('audiences', audiences).values()].map((key) => ({ terms: prefixOf(key), mark }));
  }

  #find(expressions: readonly string[], newest: number, limit: number): readonly number[] {
    const found: number[] = [];
    for (let i = 0; i < expressions.length; i += AUDIENCES_PER_LOOKUP) {
      const expression = expressions.slice(i, i + AUDIENCES_PER_LOOKUP).join(' OR ');
      found.push(...this.#statements.find.all(expression, newest, limit).map(({ id }) => Number(id)));
    }
    return newestOf(found, limit);
  }

  /** A file has one process. */
  async isOurs(): Promise<boolean> {
    return true;
  }

  async add(messages: readonly IndexedMessage[], progress: readonly Progress[]): Promise<void> {
    this.#write(() => {
      const prefixes = this.#register(progress.map(({ thread }) => thread));
      for (const { rowId, threadId, terms } of messages) {
        const { terms: prefix, mark } = prefixes.get(threadId) as Prefix;
        this.#statements.add.run(rowId, `${mark} ${terms.map((term) => prefix + term).join(' ')}`);
      }
      for (const { thread, uptoSeq } of progress) this.#statements.progress.run(uptoSeq, thread.id);
    });
  }

  /** Gives keys to threads and audiences that have none. */
  #register(threads: readonly IndexedThread[]): ReadonlyMap<string, Prefix> {
    for (const { id, audience } of threads) {
      this.#statements.addAudience.run(audience);
      this.#statements.addThread.run(id, audience);
    }
    const audiences = this.#keysOf('audiences', [...new Set(threads.map(({ audience }) => audience))]);
    const keys = this.#keysOf(
      'threads',
      threads.map(({ id }) => id),
    );
    return new Map(
      threads.map(({ id, audience }) => [
        id,
        { terms: prefixOf(audiences.get(audience) as number), mark: prefixOf(keys.get(id) as number) },
      ]),
    );
  }

  async removePage(threadId: string): Promise<boolean> {
    return this.#write(() => {
      const key = this.#keysOf('threads', [threadId]).get(threadId);
      const page = key === undefined ? [] : this.#statements.page.all(`"${prefixOf(key)}"`);
      for (const { id } of page) this.#statements.remove.run(id as number);
      const isDone = page.length < DOCUMENTS_PER_REMOVAL;
      if (isDone) this.#statements.forget.run(threadId);
      return isDone;
    });
  }

  #keysOf(what: 'audiences' | 'threads', names: readonly string[]): Keys {
    const rows = this.#statements[what].all(JSON.stringify(names));
    return new Map(rows.map(({ name, key }) => [String(name), Number(key)]));
  }

  #write<T>(work: () => T): T {
    try {
      this.#database.exec('BEGIN');
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw mapError(error);
    }
  }
}

function prefixOf(key: number): string {
  return `${key}${AFTER_KEY}`;
}

function newestOf(ids: readonly number[], limit: number): readonly number[] {
  return [...new Set(ids)].sort((a, b) => b - a).slice(0, limit);
}

/**
 * What each audience is asked for. No term has a meaning to FTS5 within quotes: letters, digits, and what is no ASCII.
 */
function expressionsOf(prefixes: readonly Prefix[], query: SearchQuery): readonly string[] {
  return prefixes.map(({ terms, mark }) => {
    const marked = mark === undefined ? [] : [`"${mark}"`];
    return `(${[...marked, ...query.map((clause) => clauseOf(clause, terms))].join(' AND ')})`;
  });
}

function clauseOf({ terms, prefix }: Clause, before: string): string {
  return `"${terms.map((term) => before + term).join(' ')}"${prefix ? ' *' : ''}`;
}
