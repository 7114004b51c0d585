/** `npm run restore -- <backup> [--replace]`: checks a backup, and lets it take the database's place. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { migrationsIn } from '#adapters/sequelize/migrator.ts';
import type { Inventory } from '#adapters/sequelize/shared/record-tables.ts';
import type { Restoration } from '#adapters/sequelize/shared/restoration.ts';
import { VerifyAudit } from '#application/audit/verify-audit.ts';
import { verify } from '../backups/files.ts';
import { type Manifest, readManifest } from '../backups/manifest.ts';
import { timeLabel } from '../backups/time-label.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { paths } from '../config/paths.ts';
import { createContainer } from '../container.ts';
import { backedUpDatabase, explaining, openRestoration } from '../stores/backups.ts';
import { clearRedis } from '../stores/redis.ts';
import { readsModule } from '../wiring/stores.ts';
import { USAGE } from './usage.ts';

/** Returns the exit code. The servers must be stopped. Until the last step nothing is changed. */
export async function restore(
  config: Config,
  [backup, flag, ...rest]: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  if (backup === undefined || (flag !== undefined && flag !== '--replace') || rest.length > 0) {
    process.stderr.write(USAGE);
    return 1;
  }
  const folder = resolve(backup);
  const manifest = readManifest(folder);
  await check(manifest, folder, config);
  const restoration = await openRestoration(config);
  try {
    if (restoration.isOccupied && flag === undefined) throw new Error(OCCUPIED);
    const aside = await explaining(config, () => replace(restoration, folder, manifest, config));
    print(`restored ${folder}, taken at ${manifest.taken_at}`);
    if (aside !== null) print(`what was there before is kept as ${aside}`);
    print('everybody signs in anew');
    return 0;
  } finally {
    await restoration.close();
  }
}

const OCCUPIED =
  'DATABASE_URL: there is a database already. Say --replace to put it aside and restore the backup in its place.';

/** What can be said of the backup without the database. */
async function check(manifest: Manifest, folder: string, config: Config): Promise<void> {
  const { database, newest_migration: newest, version } = manifest;
  const configured = backedUpDatabase(config);
  if (database !== configured)
    throw new ConfigError([`DATABASE_URL: it is ${configured}, and the backup is of ${database}`]);
  if (!(await migrationsIn(paths.migrations)).includes(newest))
    throw new Error(`The backup was made by a newer Tavernkeep (${version}, ${newest}). Restore it with that one.`);
  for (const file of manifest.files) await verify(folder, file);
}

/** Fills and checks the new place, brings it to this version's schema, and lets it take over. */
async function replace(restoration: Restoration, folder: string, manifest: Manifest, config: Config) {
  const found = await restoration.load(folder, manifest.newest_migration);
  const difference = differenceOf(found, manifest);
  if (difference !== null) throw new Error(`The backup cannot be restored: ${difference}.`);
  await bringUp(restoration, config);
  const faults = await restoration.faults();
  if (faults.length > 0) throw new Error(`The backup cannot be restored:\n  ${faults.join('\n  ')}`);
  // First: what is left of the speed layer would be of a later time than the records.
  await clearSpeedLayer(config);
  return restoration.swap(timeLabel(new Date()));
}

/** Null where there is what the manifest says. */
function differenceOf({ migrations, rows }: Inventory, manifest: Manifest): string | null {
  if (migrations.at(-1) !== manifest.newest_migration) return `its schema is not ${manifest.newest_migration}`;
  const tables = [...new Set([...Object.keys(rows), ...Object.keys(manifest.rows)])];
  const table = tables.find((name) => rows[name] !== manifest.rows[name]);
  return table === undefined ? null : `${table} has ${rows[table]} rows, and ${manifest.rows[table]} were written`;
}

async function bringUp(restoration: Restoration, config: Config): Promise<void> {
  const database = await restoration.open();
  try {
    await database.migrator(paths.migrations).up();
    const container = await createContainer(config, readsModule(database.stores().reads));
    const { broken } = await container.get(VerifyAudit).execute();
    if (broken !== null)
      throw new Error(`The backup cannot be restored: its audit is broken at place ${broken.sequence}.`);
  } finally {
    await database.close();
  }
}

/**
 * Sessions of the time after the backup must not come back to life with the next one of their number, nor copies of
 * windows be taken for those of a thread that has the same version again.
 */
async function clearSpeedLayer(config: Config): Promise<void> {
  await clearRedis(config);
  for (const end of ['', '-wal', '-shm']) rmSync(`${config.SPEED_DB_PATH}${end}`, { force: true });
}
