/** Transactions of units of work on SQLite: one after the other, through the writer queue. */
import { type Sequelize, Transaction } from 'sequelize';
import type { Transact } from '../unit-of-work.ts';
import type { WriterQueue } from './writer-queue.ts';

/**
 * Each holds the write lock from its beginning, so that none can fail half-way because of another. `ended` runs after
 * each.
 */
export function immediate(queue: WriterQueue, sequelize: Sequelize, ended: () => void): Transact {
  return (work) =>
    queue.exclusive(async () => {
      const transaction = await sequelize.transaction({ type: Transaction.TYPES.IMMEDIATE });
      const result = await work(transaction).catch(async (error: unknown) => {
        await transaction.rollback();
        throw error;
      });
      await transaction.commit().finally(ended);
      return result;
    });
}
