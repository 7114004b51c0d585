/** Single statements that write, on the writer connection: each is committed by itself before it is answered. */
import { mapError } from '../shared/failures.ts';
import type { Queries } from '../shared/queries.ts';
import type { Statement, Values, ValueTypes } from '../shared/statement.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import type { WriterQueue } from './writer-queue.ts';

export class QueuedStatements implements Pick<Queries, 'one'> {
  readonly #queue: WriterQueue;
  readonly #statements: PreparedStatements;

  /** `statements` are of the connection that the queue commits on. */
  constructor(deps: Readonly<{ queue: WriterQueue; statements: PreparedStatements }>) {
    this.#queue = deps.queue;
    this.#statements = deps.statements;
  }

  async one<Types extends ValueTypes, Result>(
    statement: Statement<Types, Result>,
    values: Values<Types>,
  ): Promise<Result | undefined> {
    try {
      return await this.#queue.call(() => this.#statements.one(statement, values));
    } catch (error) {
      throw mapError(error);
    }
  }
}
