/** Reads outside of units of work: each sees what is committed when it runs. */
import type { Statement, Values, ValueTypes } from './statement.ts';

/** A connection's prepared reads. Failures are the product's, as `mapError` says. */
export interface Queries {
  /** What the first row is read as; undefined where there is none. */
  one<Types extends ValueTypes, Result>(
    statement: Statement<Types, Result>,
    values: Values<Types>,
  ): Promise<Result | undefined>;
  /** What all rows are read as, in their order. */
  all<Types extends ValueTypes, Result>(
    statement: Statement<Types, Result>,
    values: Values<Types>,
  ): Promise<readonly Result[]>;
}
