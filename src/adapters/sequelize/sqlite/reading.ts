/** Synchronous reads of SQLite as promises, with failures in the product's words. */
import type { SQLInputValue, StatementSync } from 'node:sqlite';

type Values = readonly SQLInputValue[] | readonly [Readonly<Record<string, SQLInputValue>>];

/** The first row, in the shape that the statement's columns have. */
export function one<Row>(statement: StatementSync, ...values: Values): Row | undefined {
  return statement.get(...(values as SQLInputValue[])) as Row | undefined;
}
