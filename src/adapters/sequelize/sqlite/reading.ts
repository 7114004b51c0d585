/** Synchronous reads of SQLite as promises, with failures in the product's words. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { mapError } from '../shared/failures.ts';

/** The answer of `read`, or its failure, translated. */
export async function reading<T>(read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    throw mapError(error);
  }
}

type Values = readonly SQLInputValue[] | readonly [Readonly<Record<string, SQLInputValue>>];

/** The first row, in the shape that the statement's columns have. */
export function one<Row>(statement: StatementSync, ...values: Values): Row | undefined {
  return statement.get(...(values as SQLInputValue[])) as Row | undefined;
}

/** All rows, in the shape that the statement's columns have. */
export function all<Row>(statement: StatementSync, ...values: Values): Row[] {
  return statement.all(...(values as SQLInputValue[])) as Row[];
}

/** Runs several reads at one moment: what others commit meanwhile is not seen. */
export class ReadTransaction {
  readonly #begin: StatementSync;
  readonly #end: StatementSync;

  constructor(reader: DatabaseSync) {
    this.#begin = reader.prepare('BEGIN');
    this.#end = reader.prepare('COMMIT');
  }

  run<T>(read: () => T): T {
    this.#begin.run();
    try {
      return read();
    } finally {
      this.#end.run();
    }
  }
}
