/** A copy of a SQLite file as it stands at one moment, made beside the process that serves it. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  BROKEN_THREADS,
  DERIVED_TABLES,
  type Inventory,
  NO_RECORDS,
  RECORD_TABLES,
  type Snapshot,
} from '../shared/record-tables.ts';
import { sqliteCode } from '../shared/sqlite-codes.ts';
import { openSqlite } from './connection.ts';

/** The name of the copy in the folder of a backup. */
export const COPY = 'app.db';

/** A server that starts looks for a moment whether anybody else has the file. */
const BUSY_TIMEOUT_MS = 10_000;

/** Of these, it is the source that is at fault. */
const UNREADABLE = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_BUSY']);

/**
 * Copies the file into a folder. It is one read of the source, so no commit is missing before the moment at which it
 * begins, and none is there in part. Throws the driver's error where the source cannot be read, and says so in words
 * where the copy cannot be written.
 */
export function snapshotSqlite(file: string, folder: string): Snapshot {
  const source = openSqlite({ file, synchronous: 'full', readOnly: true, busyTimeoutMs: BUSY_TIMEOUT_MS });
  const copy = join(folder, COPY);
  try {
    // An error from here on is the source's, not the copy's.
    source.prepare('SELECT COUNT(*) FROM sqlite_master').get();
    copyInto(source, copy);
  } finally {
    source.close();
  }
  return { ...inspect(copy, (database) => inventoryOf(database)), files: [COPY] };
}

function copyInto(source: DatabaseSync, copy: string): void {
  try {
    source.prepare('VACUUM INTO ?').run(copy);
  } catch (error) {
    if (UNREADABLE.has(sqliteCode(error) ?? '')) throw error;
    throw new Error(`The backup cannot be written: ${(error as Error).message}.`);
  }
  withoutDerived(copy);
}

/** Takes what is made of the rest out of the copy, and its room. */
function withoutDerived(file: string): void {
  const database = new DatabaseSync(file);
  try {
    const found = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const derived = DERIVED_TABLES.filter((table) => found.some(({ name }) => name === table));
    const removed = derived.map((table) => Number(database.prepare(`DELETE FROM ${table}`).run().changes));
    if (removed.some((rows) => rows > 0)) database.exec('VACUUM');
  } finally {
    database.close();
  }
}

/** Opens a file that nobody else has open, for reading alone. */
export function inspect<T>(file: string, look: (database: DatabaseSync) => T): T {
  const database = openSqlite({ file, synchronous: 'full', readOnly: true });
  try {
    return look(database);
  } finally {
    database.close();
  }
}

/** Throws where the file has never been migrated. */
export function inventoryOf(database: DatabaseSync): Inventory {
  const found = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const names = new Set(found.map(({ name }) => name));
  const tables = RECORD_TABLES.filter((table) => names.has(table));
  if (tables.length === 0) throw new Error(NO_RECORDS);
  const count = (table: string) => Number(database.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get()?.count);
  const migrations = database.prepare('SELECT name FROM applied_migrations ORDER BY name').all();
  return {
    migrations: migrations.map(({ name }) => String(name)),
    rows: Object.fromEntries(tables.map((table) => [table, count(table)])),
  };
}

/** What is wrong with a file: its structure, its foreign keys, its threads. */
export function faultsOf(database: DatabaseSync): readonly string[] {
  const structure = database.prepare('PRAGMA integrity_check(5)').all();
  const damage = structure.map(({ integrity_check: said }) => String(said)).filter((said) => said !== 'ok');
  if (damage.length > 0) return damage;
  const dangling = database.prepare('PRAGMA foreign_key_check').all();
  const broken = Number(database.prepare(BROKEN_THREADS).get()?.count);
  return [
    ...dangling.slice(0, 5).map(({ table, parent }) => `a row of ${table} belongs to none of ${parent}`),
    ...(broken > 0 ? [`threads with messages or a revision missing: ${broken}`] : []),
  ];
}
