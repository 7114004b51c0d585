/** The stores of everything that must survive, opened on each backend that has them. */
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import type { RecordStores } from '#application/repos.ts';
import { openTemporaryDatabase, SEEDERS } from '../servers/temporary-database.ts';
import { openTemporaryPostgres } from '../servers/temporary-postgres.ts';
import type { Openers, Plan } from './backends.ts';

export type { RecordStores };

export const ON_RECORD_STORES: Plan = {
  memory: 'run',
  sqlite: 'run',
  embedded: { skip: 'the speed layer holds no records' },
  postgres: 'run',
  redis: { skip: 'records live in the database' },
};

/** For what is still there once the process that wrote it was killed. */
export const ON_LASTING_RECORDS: Plan = { ...ON_RECORD_STORES, memory: { skip: 'memory ends with the process' } };

/** Seeded, and otherwise empty. */
export const recordStores: Openers<RecordStores> = {
  memory: async () => {
    const database = new MemoryDatabase();
    await new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork }).up();
    return { harness: database, close: async () => {} };
  },
  sqlite: async () => {
    const { stores, close } = await openTemporaryDatabase();
    return { harness: stores, close };
  },
  postgres: async () => {
    const { stores, close } = await openTemporaryPostgres();
    return { harness: stores, close };
  },
};
