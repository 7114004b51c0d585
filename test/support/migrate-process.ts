/** A process of its own that migrates a database, tells its parent what it ran, and ends, or stays until it is killed. */
import { Migrator } from '#adapters/sequelize/migrator.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { MIGRATIONS } from './temporary-database.ts';

const [file, stay] = process.argv.slice(2);
const database = await SqliteDatabase.open({ file: file as string, synchronous: 'full', lockWaitMs: 15_000 });
const ran = await new Migrator({ sequelize: database.sequelize, folder: MIGRATIONS }).up();
process.send?.(ran);
if (stay === undefined) {
  await database.close();
  process.disconnect();
} else {
  setInterval(() => {}, 1_000);
}
