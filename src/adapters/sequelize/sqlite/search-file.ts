/** The file of the search index beside a database: derived from it, and made anew whenever it is of no use. */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { sqliteCode } from '../shared/sqlite-codes.ts';

/** Rises with what is indexed and how: an index of another version is made anew. */
const VERSION = 1;

/**
 * Documents without their text, under the `row_id` of their message. Before each term stands the key of those who may
 * read it, so that no search comes upon what others wrote.
 */
const SCHEMA = `
  CREATE TABLE search_audiences (key INTEGER PRIMARY KEY, audience TEXT NOT NULL UNIQUE);
  CREATE TABLE search_progress (
    key INTEGER PRIMARY KEY,
    thread_id TEXT NOT NULL UNIQUE,
    audience TEXT NOT NULL,
    upto_seq INTEGER NOT NULL
  );
  CREATE VIRTUAL TABLE search_words USING fts5 (terms, content = '', contentless_delete = 1, tokenize = 'ascii');
  PRAGMA user_version = ${VERSION};
`;

const USELESS = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB']);

/** The files of the index beside a database. */
export function searchFilesOf(file: string): readonly string[] {
  return ['', '-wal', '-shm'].map((end) => `${file}.search${end}`);
}

/**
 * Opens the index of a database, and the database for reading: their tables are on one connection. Only whoever holds
 * the lock of the database may.
 */
export function openSearchFile(file: string): DatabaseSync {
  try {
    return opened(file) ?? renewed(file);
  } catch (error) {
    if (!isUseless(error)) throw error;
    return renewed(file);
  }
}

/** Whether an error says that the index must be made anew. */
function isUseless(error: unknown): boolean {
  return USELESS.has(sqliteCode(error) ?? '');
}

export function removeSearchFile(file: string): void {
  for (const one of searchFilesOf(file)) rmSync(one, { force: true });
}

function renewed(file: string): DatabaseSync {
  removeSearchFile(file);
  const database = opened(file);
  if (database === undefined) throw new Error('The search index cannot be made.');
  return database;
}

/** Undefined where it is of another version. */
function opened(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(`${file}.search`, { timeout: 1_000 });
  try {
    // A power cut loses the newest pages, and no order: they are indexed again.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 0');
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT`);
    else if (version !== VERSION) {
      database.close();
      return undefined;
    }
    database.prepare('ATTACH ? AS records').run(`${pathToFileURL(file).href}?mode=ro`);
    return database;
  } catch (error) {
    if (database.isOpen) database.close();
    throw error;
  }
}
