/** One process at a time on a SQLite file: a lock that the system releases even when the process is killed. */
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
   * Takes the lock of a SQLite file; the lock is a file beside it. Waits up to `waitMs` milliseconds for another
   * process to let go, then throws an error that says what to do.
   */
  static async take(file: string, waitMs: number): Promise<FileLock> {
    for (const end = performance.now() + waitMs; ; await sleep(RETRY_MS)) {
      const lock = tryLock(`${file}.lock`);
      if (lock !== undefined) {
        held.add(lock);
        return new FileLock(lock);
      }
      if (performance.now() >= end) throw new Error(inUse(file));
    }
  }

  release(): void {
    held.delete(this.#database);
    if (this.#database.isOpen) this.#database.close();
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
