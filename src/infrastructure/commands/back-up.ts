/** `npm run backup -- <folder>`: puts a backup of all records into a folder; the servers may run. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { migrationsIn } from '#adapters/sequelize/migrator.ts';
import { measure, sync } from '../backups/files.ts';
import { MANIFEST, type Manifest } from '../backups/manifest.ts';
import { timeLabel } from '../backups/time-label.ts';
import type { Config } from '../config/config.ts';
import { paths } from '../config/paths.ts';
import { type BackedUpDatabase, backedUpDatabase, takeSnapshot } from '../stores/backups.ts';
import { USAGE } from './usage.ts';

/** Returns the exit code. The new backup is a folder in `target`, with the time in its name. */
export async function backUp(
  config: Config,
  [target, ...rest]: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  if (target === undefined || rest.length > 0) {
    process.stderr.write(USAGE);
    return 1;
  }
  const database = backedUpDatabase(config);
  const [parent, takenAt] = [resolve(target), new Date()];
  const name = `tavernkeep-${timeLabel(takenAt)}`;
  // Under another name until it is whole, so that none that was cut short is taken for one.
  const [partial, backup] = [join(parent, `.${name}.partial`), join(parent, name)];
  makeFolders(parent, partial);
  try {
    const manifest = await fill(config, partial, { database, takenAt });
    renameSync(partial, backup);
    await sync(parent);
    const rows = Object.values(manifest.rows).reduce((sum, count) => sum + count, 0);
    print(`${backup}: ${rows} rows of ${manifest.newest_migration}`);
    return 0;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

function makeFolders(parent: string, partial: string): void {
  try {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    mkdirSync(partial, { mode: 0o700 });
  } catch (error) {
    throw new Error(`The backup cannot be written: ${(error as Error).message}.`);
  }
}

/** The manifest comes last, when every other file is on the disk. */
async function fill(
  config: Config,
  folder: string,
  { database, takenAt }: Readonly<{ database: BackedUpDatabase; takenAt: Date }>,
): Promise<Manifest> {
  const { files, migrations, rows } = await takeSnapshot(config, folder);
  const known = new Set(await migrationsIn(paths.migrations));
  const unknown = migrations.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new Error(`The database was migrated by a newer Tavernkeep (${unknown}). Back it up with that one.`);
  const manifest: Manifest = {
    product: 'tavernkeep',
    format: 1,
    version: JSON.parse(readFileSync(paths.package, 'utf8')).version,
    taken_at: takenAt.toISOString(),
    database,
    newest_migration: migrations.at(-1) ?? '',
    rows,
    files: await Promise.all(files.map((name) => measure(folder, name))),
  };
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await sync(join(folder, MANIFEST));
  await sync(folder);
  return manifest;
}
