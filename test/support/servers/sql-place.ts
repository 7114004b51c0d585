/** A place for records on SQLite or PostgreSQL, empty, that one process after another may open. */
import { join } from 'node:path';
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { DERIVED_TABLES } from '#adapters/sequelize/shared/record-tables.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import type { Backend } from '../backends/backend-names.ts';
import type { SqlDatabase } from '../backends/sql-databases.ts';
import { storedRows } from '../backends/stored-rows.ts';
import type { Settings } from './server.ts';
import { MIGRATIONS, SEEDERS, temporaryFolder } from './temporary-database.ts';
import { createDatabase, dropDatabase } from './temporary-postgres.ts';

export class SqlPlace {
  readonly folder = temporaryFolder();
  readonly settings: Settings;

  private constructor(url?: string) {
    const DATABASE_URL = url ?? `sqlite:${join(this.folder, 'app.db')}`;
    this.settings = { DATABASE_URL, SPEED_DB_PATH: join(this.folder, 'speed.db') };
  }

  static async create(backend: Backend): Promise<SqlPlace> {
    return new SqlPlace(backend === 'postgres' ? await createDatabase() : undefined);
  }

  /** Opens it as a server would, brings it up to date, and closes it again. */
  async use<T>(work: (database: SqlDatabase) => Promise<T>): Promise<T> {
    const { DATABASE_URL: url = '' } = this.settings;
    const database = url.startsWith('postgres')
      ? await PostgresDatabase.open({ url, lock: 'exclusive' })
      : await SqliteDatabase.open({ file: url.replace('sqlite:', ''), synchronous: 'normal' });
    try {
      await database.migrator(MIGRATIONS).up();
      await new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork }).up();
      return await work(database);
    } finally {
      await database.close();
    }
  }

  /** Every row of every table of the records: not of those that are made of them, which no backup has. */
  async rows(): Promise<Record<string, readonly string[]>> {
    const rows = await this.use(({ sequelize }) => storedRows(sequelize));
    const derived: readonly string[] = DERIVED_TABLES;
    return Object.fromEntries(Object.entries(rows).filter(([table]) => !derived.includes(table)));
  }

  async remove(): Promise<void> {
    const { DATABASE_URL: url = '' } = this.settings;
    if (url.startsWith('postgres')) await dropDatabase(url);
  }
}
