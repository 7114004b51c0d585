/** Opens the configured record stores: a SQLite file, a PostgreSQL database, or memory. */
import { MemoryDatabase } from '#adapters/memory/database.ts';
import type { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import type { RecordStores } from '#application/repos.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { type DatabaseSetting, databaseOf, explained } from '../config/database-setting.ts';
import { paths } from '../config/paths.ts';

export type Records = RecordStores &
  Readonly<{
    /** The kind of database, for health checks and statistics. */
    kind: DatabaseSetting['kind'];
    /** Whether this server still holds the lock; false after an outage during which another server took over. */
    holdsLock(): boolean;
    close(): Promise<void>;
  }>;

/** Whether to lock the database for this server alone. A SQLite file is locked in any case. */
export type LockOptions = Readonly<{ exclusive: boolean }>;

/**
 * Opens, migrates and seeds the stores. Throws, with a message for the operator, if the database cannot be opened or is
 * locked by another server.
 */
export async function openRecords(config: Config, lock: LockOptions): Promise<Records> {
  const records = databaseOf(config).kind === 'memory' ? openMemory() : await openMigrated(config, lock);
  await new Seeder({ folder: paths.seeders, unitOfWork: records.unitOfWork }).up();
  return records;
}

function openMemory(): Records {
  const { unitOfWork, reads, users, roles, passwordHashes, memberships, threads, conversations } = new MemoryDatabase();
  const stores = { unitOfWork, reads, users, roles, passwordHashes, memberships, threads, conversations };
  return { kind: 'memory', ...stores, holdsLock: () => true, close: async () => {} };
}

async function openMigrated(config: Config, lock: LockOptions): Promise<Records> {
  const setting = databaseOf(config);
  const database = await openDatabase(config, lock);
  try {
    await database.migrator(paths.migrations).up();
    const holdsLock = () => database.holdsLock;
    return { kind: setting.kind, ...database.stores(), holdsLock, close: () => database.close() };
  } catch (error) {
    await database.close();
    throw explained(error, setting);
  }
}

/**
 * Opens the database without migrating it. Throws as `openRecords` does, and `ConfigError` for a database in memory.
 */
export async function openDatabase(
  config: Config,
  { exclusive }: LockOptions,
): Promise<SqliteDatabase | PostgresDatabase> {
  const setting = databaseOf(config);
  try {
    if (setting.kind === 'postgres') return await openPostgres(setting.url, exclusive);
    if (setting.kind === 'sqlite')
      return await SqliteDatabase.open({ file: setting.file, synchronous: config.SQLITE_SYNCHRONOUS });
  } catch (error) {
    throw explained(error, setting);
  }
  throw new ConfigError(['DATABASE_URL: a database in memory has no schema to migrate']);
}

/** The driver is loaded only if PostgreSQL is configured. */
async function openPostgres(url: string, exclusive: boolean): Promise<PostgresDatabase> {
  const { PostgresDatabase } = await import('#adapters/sequelize/postgres/database.ts');
  return PostgresDatabase.open({ url, exclusive });
}
