/** Opens the configured record stores: a SQLite file, a PostgreSQL database, or memory. */
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { type Migrator, newestApplied } from '#adapters/sequelize/migrator.ts';
import type { LockMode } from '#adapters/sequelize/postgres/advisory-lock.ts';
import type { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import type { Pressure } from '#adapters/sequelize/shared/pressure.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import { MeasuredEventLoopLoad } from '#adapters/worker-threads/event-loop-load.ts';
import { WorkerSearch } from '#adapters/worker-threads/search-worker.ts';
import type { TranscriptSearch } from '#application/conversations/search/transcript-search.ts';
import type { RecordStores } from '#application/repos.ts';
import type { PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { type DatabaseSetting, databaseOf, explained } from '../config/database-setting.ts';
import { paths } from '../config/paths.ts';

/** A search, and the index behind it, if it has one. */
type IndexedSearch = TranscriptSearch &
  Readonly<{
    /** How many searches are under way, and how many messages are not indexed; null where that is not known yet. */
    searching: number;
    behind: number | null;
    /** Brings the index up to the transcripts; returns when it is, or soon after `closing` is aborted. */
    keepIndex(closing: AbortSignal): Promise<void>;
  }>;

export type Records = RecordStores &
  Readonly<{
    /** The kind of database, for health checks and statistics. */
    kind: DatabaseSetting['kind'];
    search: IndexedSearch;
    finder: PassageFinder;
    /** Whether this server still holds the lock; false after an outage during which another server took over. */
    holdsLock(): boolean;
    /** Whether the schema still is the one that this process opened: another version may have migrated it since. */
    hasOurSchema(): Promise<boolean>;
    /** How much is waiting for the database now. */
    pressure(): Pressure;
    close(): Promise<void>;
  }>;

/** How to lock a PostgreSQL database; `none` opens it beside a server. A SQLite file is locked in any case. */
export type DatabaseLock = LockMode | 'none';

/**
 * Opens, migrates and seeds the stores. Throws, with a message for the operator, if the database cannot be opened, is
 * locked by another process, or was migrated by a newer version.
 */
export async function openRecords(config: Config, lock: LockMode): Promise<Records> {
  const setting = databaseOf(config);
  const records = setting.kind === 'memory' ? openMemory() : await openSql(config, lock, (migrator) => migrator.up());
  await new Seeder({ folder: paths.seeders, unitOfWork: records.unitOfWork }).up();
  return records;
}

/**
 * Opens the stores for a command that changes no schema, without other processes. Throws as `openRecords` does, and
 * where a migration has not run.
 */
export function openMigratedRecords(config: Config): Promise<Records> {
  return openSql(config, 'exclusive', async (migrator) => {
    if ((await migrator.pending()).length > 0) throw new Error(NOT_MIGRATED);
  });
}

const NOT_MIGRATED =
  'DATABASE_URL: this version has migrations that have not run there. Run npm run migrate -- up, or start the server once.';

function openMemory(): Records {
  const { search, finder, ...stores } = { ...new MemoryDatabase() };
  return {
    kind: 'memory',
    ...stores,
    finder,
    search: { search: (request) => search.search(request), searching: 0, behind: 0, keepIndex: async () => {} },
    holdsLock: () => true,
    hasOurSchema: async () => true,
    pressure: () => ({ queues: {}, connections: {} }),
    close: async () => {},
  };
}

async function openSql(
  config: Config,
  lock: LockMode,
  prepare: (migrator: Migrator) => Promise<unknown>,
): Promise<Records> {
  const setting = databaseOf(config);
  const database = await openDatabase(config, lock);
  try {
    await prepare(database.migrator(paths.migrations));
    const { sequelize } = database;
    const ours = await newestApplied(sequelize);
    const search = searchOn(setting);
    return {
      kind: setting.kind,
      ...database.stores(),
      search,
      finder: search,
      holdsLock: () => database.holdsLock,
      hasOurSchema: async () => (await newestApplied(sequelize)) === ours,
      pressure: () => database.pressure,
      close: async () => {
        await search.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw explained(error, setting);
  }
}

/** Its worker starts when it is first needed. */
function searchOn(setting: DatabaseSetting): WorkerSearch {
  const workerScript = new URL('../workers/search-worker.ts', import.meta.url);
  return new WorkerSearch({ workerScript, workerData: setting, load: new MeasuredEventLoopLoad() });
}

/**
 * Opens the database without migrating it. Throws as `openRecords` does, and `ConfigError` for a database in memory.
 */
export async function openDatabase(config: Config, lock: DatabaseLock): Promise<SqliteDatabase | PostgresDatabase> {
  const setting = databaseOf(config);
  try {
    if (setting.kind === 'postgres') return await openPostgres(setting.url, lock);
    if (setting.kind === 'sqlite')
      return await SqliteDatabase.open({ file: setting.file, synchronous: config.SQLITE_SYNCHRONOUS });
  } catch (error) {
    throw explained(error, setting);
  }
  throw new ConfigError(['DATABASE_URL: a database in memory has no schema to migrate']);
}

/** The driver is loaded only if PostgreSQL is configured. */
async function openPostgres(url: string, lock: DatabaseLock): Promise<PostgresDatabase> {
  const { PostgresDatabase } = await import('#adapters/sequelize/postgres/database.ts');
  return PostgresDatabase.open({ url, ...(lock !== 'none' && { lock }) });
}
