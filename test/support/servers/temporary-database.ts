/** A migrated and seeded SQLite database in a folder of its own, gone after the test. */

import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Migrator } from '#adapters/sequelize/migrator.ts';
import type { Synchronous } from '#adapters/sequelize/sqlite/connection.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import type { RecordStores } from '#application/repos.ts';
import { ROOT } from '../project.ts';

export const MIGRATIONS = join(ROOT, 'migrations');
export const SEEDERS = join(ROOT, 'seeders');

export type TemporaryDatabase = Readonly<{
  file: string;
  database: SqliteDatabase;
  stores: RecordStores;
  /** Closes the database and removes its folder. */
  close(): Promise<void>;
}>;

let parent: string | undefined;

/** A folder that is removed when the process ends, if not before. */
export function temporaryFolder(): string {
  if (parent === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'tavernkeep-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    parent = folder;
  }
  return mkdtempSync(join(parent, 'test-'));
}

/** Has a database take a migration for its newest, so that one step back takes that one back; the schema stays. */
export async function forgetMigrationsAfter(
  name: string,
  { sequelize }: Pick<SqliteDatabase, 'sequelize'>,
): Promise<void> {
  await sequelize.query('DELETE FROM applied_migrations WHERE name > :name', { replacements: { name } });
}

/** A folder of the migrations up to one of them, for a database that was made to forget the later ones. */
export function migrationsUpTo(name: string): string {
  const folder = join(temporaryFolder(), 'migrations');
  cpSync(MIGRATIONS, folder, { recursive: true });
  for (const file of readdirSync(folder)) if (file > `${name}.ts`) rmSync(join(folder, file));
  return folder;
}

export async function openTemporaryDatabase(synchronous: Synchronous = 'full'): Promise<TemporaryDatabase> {
  const folder = temporaryFolder();
  const file = join(folder, 'app.db');
  copyFileSync(await templateFile(), file);
  const database = await SqliteDatabase.open({ file, synchronous });
  return {
    file,
    database,
    stores: database.stores(),
    close: async () => {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let template: Promise<string> | undefined;

/** Migrated and seeded once; each test gets a copy. */
export function templateFile(): Promise<string> {
  template ??= makeTemplate();
  return template;
}

async function makeTemplate(): Promise<string> {
  const file = join(temporaryFolder(), 'template.db');
  const database = await SqliteDatabase.open({ file, synchronous: 'full' });
  await new Migrator({ sequelize: database.sequelize, folder: MIGRATIONS }).up();
  await new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork }).up();
  await database.close();
  return file;
}
