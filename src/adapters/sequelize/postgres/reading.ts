/** Prepared statements on a pool, with failures in the product's words. */
import type pg from 'pg';
import { mapErrors } from './queries.ts';

/** A statement with a name, under which each connection prepares it once. */
export type Statement = Readonly<{ name: string; text: string }>;

/** What a statement runs on: any connection of a pool, or one. */
export type Connection = Pick<pg.Pool | pg.PoolClient, 'query'>;

/** All rows, in the shape that the statement's columns have. */
export async function all<Row extends object>(
  connection: Connection,
  statement: Statement,
  ...values: readonly unknown[]
): Promise<Row[]> {
  const { rows } = await mapErrors(connection.query<Row>({ ...statement, values: [...values] }));
  return rows;
}

/** The first row. */
export async function one<Row extends object>(
  connection: Connection,
  statement: Statement,
  ...values: readonly unknown[]
): Promise<Row | undefined> {
  return (await all<Row>(connection, statement, ...values))[0];
}
