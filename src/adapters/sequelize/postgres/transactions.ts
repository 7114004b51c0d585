/** Transactions on PostgreSQL: for units of work, which see each other one at a time, and for a few statements. */
import type pg from 'pg';
import { type Sequelize, Transaction } from 'sequelize';
import { DomainError } from '#domain/shared/domain-error.ts';
import { isConflict, mapError } from '../shared/failures.ts';
import type { Transact } from '../unit-of-work.ts';

/**
 * Serialisable transactions in which models work. Sequelize's own would give up the connection whenever a commit meets
 * a conflict, which is nothing unusual here. `ended` runs after each, before its end is told.
 */
export function serializable(pool: pg.Pool, sequelize: Sequelize, ended: () => void): Transact {
  return (work) =>
    transaction(pool, 'BEGIN ISOLATION LEVEL SERIALIZABLE', (client) =>
      work(Object.assign(new Transaction(sequelize, {}), { connection: client })),
    ).finally(ended);
}

/** Runs several statements that happen together or not at all. */
export function inTransaction<T>(pool: pg.Pool, write: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return transaction(pool, 'BEGIN', write);
}

async function transaction<T>(pool: pg.Pool, begin: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    await giveUp(client, error);
    throw error;
  }
}

/** A connection that broke, or that is still busy, is of no further use; the server rolls back what it was doing. */
async function giveUp(client: pg.PoolClient, error: unknown): Promise<void> {
  const known = mapError(error);
  const useless = !isConflict(error) && known instanceof DomainError && known.kind === 'unavailable';
  const rolledBack =
    !useless &&
    (await client.query('ROLLBACK').then(
      () => true,
      () => false,
    ));
  client.release(!rolledBack);
}
