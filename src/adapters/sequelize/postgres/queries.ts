/** Prepared statements on PostgreSQL: on any connection of a pool, or on the one of a transaction. */
import type pg from 'pg';
import { mapError, mapReadError } from '../shared/failures.ts';
import type { Queries } from '../shared/queries.ts';
import { inOrder, type Statement, type Values, type ValueTypes } from '../shared/statement.ts';

export class PostgresQueries implements Queries {
  readonly #connection: Pick<pg.Pool | pg.PoolClient, 'query'>;

  readonly #failure: (error: unknown) => unknown;

  /** `readOnly`: its statements change nothing, so that a failure leaves nothing in doubt. */
  constructor(connection: Pick<pg.Pool | pg.PoolClient, 'query'>, { readOnly = false } = {}) {
    this.#connection = connection;
    this.#failure = readOnly ? mapReadError : mapError;
  }

  async one<Types extends ValueTypes, Result>(
    statement: Statement<Types, Result>,
    values: Values<Types>,
  ): Promise<Result | undefined> {
    return (await this.all(statement, values))[0];
  }

  async all<Types extends ValueTypes, Result>(
    statement: Statement<Types, Result>,
    values: Values<Types>,
  ): Promise<readonly Result[]> {
    const { name, text, resultOf } = statement;
    const query = { name, text: text.postgres, values: inOrder(statement, values) };
    const { rows } = await mapErrors(this.#connection.query(query), this.#failure);
    return rows.map((row) => resultOf(row as never));
  }
}

/** The answer of a statement, or its failure, translated. */
export async function mapErrors<T>(answer: Promise<T>, failure = mapError): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw failure(error);
  }
}
