/** Where passages are found: both databases, each with the worker that a server has. */

import { PostgresDatabase } from '../../src/adapters/sequelize/postgres/database.ts';
import { Seeder } from '../../src/adapters/system/seeder.ts';
import { MeasuredEventLoopLoad } from '../../src/adapters/worker-threads/event-loop-load.ts';
import { WorkerSearch } from '../../src/adapters/worker-threads/search-worker.ts';
import type { RecordStores } from '../../src/application/repos.ts';
import type { PassageFinder } from '../../src/application/retrieval/finding/passage-finder.ts';
import { MIGRATIONS, openTemporaryDatabase, SEEDERS } from '../../test/support/servers/temporary-database.ts';
import { createDatabase, dropDatabase, postgresAnswers } from '../../test/support/servers/temporary-postgres.ts';

export type Place = Readonly<{
  name: string;
  stores: Pick<RecordStores, 'unitOfWork'>;
  finder: PassageFinder;
  close(): Promise<void>;
}>;

const WORKER = new URL('../../src/infrastructure/workers/search-worker.ts', import.meta.url);

export async function openSqlite(): Promise<Place> {
  const { file, stores, close } = await openTemporaryDatabase('normal');
  const search = workerOn({ kind: 'sqlite', file });
  return { name: 'SQLite', stores, finder: search, close: () => search.close().then(close) };
}

/** Null where none answers. */
export async function openPostgres(): Promise<Place | null> {
  if (!(await postgresAnswers())) return null;
  const url = await createDatabase();
  const database = await PostgresDatabase.open({ url });
  await database.migrator(MIGRATIONS).up();
  const stores = database.stores();
  await new Seeder({ folder: SEEDERS, unitOfWork: stores.unitOfWork }).up();
  const search = workerOn({ kind: 'postgres', url });
  const close = async () => {
    await search.close();
    await database.close();
    await dropDatabase(url);
  };
  return { name: 'PostgreSQL', stores, finder: search, close };
}

function workerOn(workerData: unknown): WorkerSearch {
  return new WorkerSearch({ workerScript: WORKER, workerData, load: new MeasuredEventLoopLoad() });
}
