/** Node's own SQLite in the callback shape that Sequelize's SQLite dialect expects of its `dialectModule`. */
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { sqliteCode } from '../shared/sqlite-codes.ts';
import { openSqlite, type Synchronous } from './connection.ts';

type Done = (this: object, error: Error | null, rows?: Row[]) => void;
type Row = Record<string, unknown>;
type Parameters = readonly unknown[] | Readonly<Record<string, unknown>>;

const nothing: Done = () => {};

/** The connection that a transaction has left, for the next one: to open one takes longer than most transactions. */
class IdleConnection {
  #database: DatabaseSync | undefined;

  take(): DatabaseSync | undefined {
    const database = this.#database;
    this.#database = undefined;
    return database;
  }

  /** Closes what cannot be used again: after a failed commit nobody knows what is open on a connection. */
  leave(database: DatabaseSync): void {
    if (this.#database === undefined && !database.isTransaction) this.#database = database;
    else database.close();
  }

  readonly close = (): void => this.take()?.close();
}

/**
 * What Sequelize takes as `dialectModule`; every connection it opens has the PRAGMAs of `openSqlite`. Whoever closes
 * Sequelize calls `closeIdle` afterwards.
 */
export function sqliteDriver(options: Readonly<{ synchronous: Synchronous; readOnly?: boolean }>) {
  const idle = new IdleConnection();

  class Database {
    readonly filename: string;
    #database: DatabaseSync | undefined;

    constructor(file: string, _mode: number, opened: Done) {
      this.filename = file;
      let failure: Error | null = null;
      try {
        this.#database = idle.take() ?? openSqlite({ ...options, file });
      } catch (error) {
        failure = withCode(error);
      }
      // Sequelize keeps the instance only after the constructor has returned.
      queueMicrotask(() => opened.call({}, failure));
    }

    serialize(work: () => void): void {
      work();
    }

    run(sql: string, parameters: Parameters = [], done: Done = nothing): void {
      this.#execute(sql, done, (statement) => {
        const result = bind(parameters, (...values) => statement.run(...values));
        return [{ lastID: Number(result.lastInsertRowid), changes: Number(result.changes) }, undefined];
      });
    }

    all(sql: string, ...rest: [Done] | [Parameters, Done?]): void {
      const [parameters, done = nothing] = typeof rest[0] === 'function' ? [[], rest[0]] : rest;
      this.#execute(sql, done as Done, (statement) => {
        statement.setReadBigInts(true);
        return [{}, bind(parameters as Parameters, (...values) => statement.all(...values)).map(readable)];
      });
    }

    close(done: Done = nothing): void {
      if (this.#database !== undefined) idle.leave(this.#database);
      this.#database = undefined;
      done.call({}, null);
    }

    #execute(sql: string, done: Done, work: (statement: StatementSync) => [object, Row[] | undefined]): void {
      let outcome: [object, Row[] | undefined];
      try {
        if (this.#database === undefined) throw new Error('The connection is closed.');
        outcome = work(this.#database.prepare(sql));
      } catch (error) {
        done.call({}, withCode(error));
        return;
      }
      done.call(outcome[0], null, outcome[1]);
    }
  }
  return { Database, OPEN_READWRITE: 2, OPEN_CREATE: 4, closeIdle: idle.close };
}

/** Sequelize tells constraint failures apart by the code's name, as other drivers give it. */
function withCode(error: unknown): Error {
  const failure = error instanceof Error ? error : new Error(String(error));
  return Object.assign(failure, { code: sqliteCode(failure) ?? (failure as { code?: string }).code });
}

function bind<T>(parameters: Parameters, execute: (...values: SQLInputValue[]) => T): T {
  if (Array.isArray(parameters)) return execute(...parameters.map(storable));
  const named = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, storable(value)]));
  return (execute as (named: object) => T)(named);
}

function storable(value: unknown): SQLInputValue {
  // Only the newest Node binds booleans by itself.
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.getTime();
  return value as SQLInputValue;
}

/** Integers that a number cannot hold come as text, as Sequelize gives them on PostgreSQL. */
function readable(row: Record<string, SQLOutputValue>): Row {
  for (const name in row) {
    const value = row[name];
    if (typeof value === 'bigint')
      (row as Row)[name] = Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
    else if (value instanceof Uint8Array)
      (row as Row)[name] = Buffer.from(value.buffer, value.byteOffset, value.length);
  }
  return row;
}
