/** Takes and restores backups of the configured database: a SQLite file, or PostgreSQL. */
import type { Snapshot } from '#adapters/sequelize/shared/record-tables.ts';
import type { Restoration } from '#adapters/sequelize/shared/restoration.ts';
import { SqliteRestoration } from '#adapters/sequelize/sqlite/restoration.ts';
import { snapshotSqlite } from '#adapters/sequelize/sqlite/snapshot.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { databaseOf, explained } from '../config/database-setting.ts';
import { paths } from '../config/paths.ts';

export type BackedUpDatabase = 'sqlite' | 'postgres';

/** Throws `ConfigError` for a database in memory. */
export function backedUpDatabase(config: Config): BackedUpDatabase {
  const { kind } = databaseOf(config);
  if (kind === 'memory') throw new ConfigError(['DATABASE_URL: a database in memory is gone by now']);
  return kind;
}

/** Writes all records into a folder, as they stand at one moment, beside the servers. */
export function takeSnapshot(config: Config, folder: string): Promise<Snapshot> {
  const setting = databaseOf(config);
  return explaining(config, async () => {
    if (setting.kind === 'sqlite') return snapshotSqlite(setting.file, folder);
    if (setting.kind === 'memory') throw new Error('backed up: memory');
    const { snapshotPostgres } = await import('#adapters/sequelize/postgres/snapshot.ts');
    return snapshotPostgres(setting.url, folder);
  });
}

/** Throws, with a message for the operator, where a server runs or the database cannot be used. */
export function openRestoration(config: Config): Promise<Restoration> {
  const setting = databaseOf(config);
  return explaining(config, async () => {
    if (setting.kind === 'sqlite') return SqliteRestoration.open(setting.file, config.SQLITE_SYNCHRONOUS);
    if (setting.kind === 'memory') throw new Error('restored: memory');
    const { PostgresRestoration } = await import('#adapters/sequelize/postgres/restoration.ts');
    return PostgresRestoration.open({ url: setting.url, migrations: paths.migrations });
  });
}

/** Runs `work`; what the database refuses is thrown in words. */
export async function explaining<T>(config: Config, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error, databaseOf(config));
  }
}
