/** One process at a time on a SQLite file: a lock that the system releases even when the process is killed. */
import { closeSync, existsSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { sqliteCode } from '../shared/sqlite-codes.ts';

const RETRY_MS = 25;

/** Keeps held locks from being collected, which would close them. */
const held = new Set<DatabaseSync>();

/** Held from `take` until `release`, or until the process ends in whatever way. */
export class FileLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Takes the lock of a SQLite file, which is made where it is missing. The lock is a file beside it, whatever links
   * lead there; and no other process may have the file itself open, in case the lock's file was removed. Waits up to
   * `waitMs` milliseconds for another process to let go, then throws an error that says what to do.
   */
  static async take(file: string, waitMs: number): Promise<FileLock> {
    const onlyName = onlyNameOf(file);
    for (const end = performance.now() + waitMs; ; await sleep(RETRY_MS)) {
      const lock = tryLock(`${onlyName}.lock`);
      if (lock !== undefined && !isOpenElsewhere(onlyName)) {
        held.add(lock);
        return new FileLock(lock);
      }
      lock?.close();
      if (performance.now() >= end) throw new Error(inUse(file));
    }
  }

  release(): void {
    held.delete(this.#database);
    if (this.#database.isOpen) this.#database.close();
  }
}

/**
 * The file's name without links. A second name of the file itself is refused: SQLite would look for its log beside that
 * name, and a lock beside one name says nothing beside the other.
 */
function onlyNameOf(file: string): string {
  if (!existsSync(file)) closeSync(openSync(file, 'a'));
  if (statSync(file).nlink > 1)
    throw new Error(`DATABASE_URL: ${basename(file)} has a second name (a hard link). Remove one of the two.`);
  return realpathSync(file);
}

/** What is damaged nobody serves: whoever opens it next reports it, and a restore replaces it. */
const DAMAGED = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB']);

/** Asks for a lock on the file itself that every other connection to it stands in the way of. */
function isOpenElsewhere(file: string): boolean {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
    return false;
  } catch (error) {
    const code = sqliteCode(error) ?? '';
    if (code === 'SQLITE_BUSY') return true;
    if (DAMAGED.has(code)) return false;
    throw error;
  } finally {
    database.close();
  }
}

/** An open exclusive transaction on an empty database: nothing is written, so nothing is left to repair. */
function tryLock(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (sqliteCode(error) === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}

function inUse(file: string): string {
  return `Another Tavernkeep process is using ${basename(file)}: only one at a time can. Stop it first.`;
}
