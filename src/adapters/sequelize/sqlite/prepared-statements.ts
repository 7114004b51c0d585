/** Statements prepared on one SQLite connection, each when it is first run; as synchronous as the driver. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { inOrder, type Statement, type Values, type ValueTypes } from '../shared/statement.ts';

export class PreparedStatements {
  readonly #connection: DatabaseSync;
  readonly #prepared = new Map<Statement<never, unknown>, StatementSync>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /** What the first row is read as; undefined where there is none. */
  one<Types extends ValueTypes, Result>(
    statement: Statement<Types, Result>,
    values: Values<Types>,
  ): Result | undefined {
    const row = this.#prepare(statement).get(...bound(statement, values));
    return row === undefined ? undefined : statement.resultOf(row as never);
  }

  /** What all rows are read as, in their order. */
  all<Types extends ValueTypes, Result>(statement: Statement<Types, Result>, values: Values<Types>): readonly Result[] {
    const rows = this.#prepare(statement).all(...bound(statement, values)) as never[];
    return rows.map(statement.resultOf);
  }

  /** For what gives no rows. */
  run<Types extends ValueTypes>(statement: Statement<Types, unknown>, values: Values<Types>): void {
    this.#prepare(statement).run(...bound(statement, values));
  }

  #prepare<Types extends ValueTypes>(statement: Statement<Types, unknown>): StatementSync {
    const known = this.#prepared.get(statement);
    if (known !== undefined) return known;
    const prepared = this.#connection.prepare(statement.text.sqlite);
    this.#prepared.set(statement, prepared);
    return prepared;
  }
}

function bound<Types extends ValueTypes>(statement: Statement<Types, unknown>, values: Values<Types>): SQLInputValue[] {
  const given = inOrder(statement, values) as (SQLInputValue | boolean)[];
  return given.map((value) => (typeof value === 'boolean' ? Number(value) : value));
}
