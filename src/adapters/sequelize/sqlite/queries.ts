/** Reads of SQLite as promises: prepared statements on the reader connection. */
import { mapError } from '../shared/failures.ts';
import type { Queries } from '../shared/queries.ts';
import type { Statement, Values, ValueTypes } from '../shared/statement.ts';
import type { PreparedStatements } from './prepared-statements.ts';

export class SqliteQueries implements Queries {
  readonly #statements: PreparedStatements;

  constructor(statements: PreparedStatements) {
    this.#statements = statements;
  }

  one<Types extends ValueTypes, Result>(
    statement: Statement<Types, Result>,
    values: Values<Types>,
  ): Promise<Result | undefined> {
    return reading(() => this.#statements.one(statement, values));
  }

  all<Types extends ValueTypes, Result>(
    statement: Statement<Types, Result>,
    values: Values<Types>,
  ): Promise<readonly Result[]> {
    return reading(() => this.#statements.all(statement, values));
  }
}

/** The answer of a synchronous read, or its failure, translated. */
export async function reading<T>(read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    throw mapError(error);
  }
}
