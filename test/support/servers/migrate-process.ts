/**
 * A process of its own that migrates a database, tells its parent what it ran, and ends, or stays, holding it, until it
 * is killed.
 */
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { MIGRATIONS } from './temporary-database.ts';

const [target = '', stay] = process.argv.slice(2);
const database = target.startsWith('postgres:')
  ? await PostgresDatabase.open({ url: target, ...(stay !== undefined && { lock: 'exclusive' }) })
  : await SqliteDatabase.open({ file: target, synchronous: 'full', lockWaitMs: 15_000 });
const ran = await database.migrator(MIGRATIONS).up();
process.send?.(ran);
if (stay === undefined) {
  await database.close();
  process.disconnect();
} else {
  setInterval(() => {}, 1_000);
}
