/** Restores a SQLite file: the copy is checked beside it, and takes its name in one step. */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Inventory } from '../shared/record-tables.ts';
import type { Restoration } from '../shared/restoration.ts';
import type { Synchronous } from './connection.ts';
import { SqliteDatabase } from './database.ts';
import { FileLock } from './file-lock.ts';
import { removeSearchFile } from './search-file.ts';
import { COPY, faultsOf, inspect, inventoryOf } from './snapshot.ts';

/** What SQLite and the lock keep beside a file. */
const BESIDE = ['', '-wal', '-shm', '-journal', '.lock', '.lock-journal'];

export class SqliteRestoration implements Restoration {
  readonly isOccupied: boolean;
  /** Without links: a rename would replace the link. */
  readonly #file: string;
  readonly #place: string;
  readonly #synchronous: Synchronous;
  readonly #lock: FileLock;

  private constructor(file: string, isOccupied: boolean, synchronous: Synchronous, lock: FileLock) {
    this.#file = realpathSync(file);
    this.#place = `${this.#file}.restoring`;
    this.isOccupied = isOccupied;
    this.#synchronous = synchronous;
    this.#lock = lock;
  }

  /** Throws where a process has the file open. The file may be damaged. */
  static async open(file: string, synchronous: Synchronous): Promise<SqliteRestoration> {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const lock = await FileLock.take(file, 0);
    try {
      return new SqliteRestoration(file, isOccupied(file), synchronous, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async load(folder: string): Promise<Inventory> {
    this.#removePlace();
    copyDurably(join(folder, COPY), this.#place);
    return inspect(this.#place, inventoryOf);
  }

  open(): Promise<SqliteDatabase> {
    return SqliteDatabase.open({ file: this.#place, synchronous: this.#synchronous });
  }

  async faults(): Promise<readonly string[]> {
    return inspect(this.#place, faultsOf);
  }

  async swap(label: string): Promise<string | null> {
    // Logs stay behind: every change must be in the file that it belongs to.
    for (const file of [this.#place, this.#file]) {
      if (sizeOf(`${file}-wal`) > 0)
        throw new Error(`${basename(file)}-wal cannot be finished. Make room on its disk.`);
    }
    const aside = this.isOccupied ? this.#keepAside(label) : null;
    for (const end of ['-wal', '-shm']) rmSync(`${this.#file}${end}`, { force: true });
    // First: it knows messages of a later time, or of other threads.
    removeSearchFile(this.#file);
    renameSync(this.#place, this.#file);
    syncFolderOf(this.#file);
    return aside;
  }

  async close(): Promise<void> {
    this.#removePlace();
    this.#lock.release();
  }

  /** A copy and not a second name: at every moment there is a file under the database's own name. */
  #keepAside(label: string): string {
    const aside = `${this.#file}.before-restore-${label}`;
    const copied = `${aside}.partial`;
    rmSync(copied, { force: true });
    copyDurably(this.#file, copied);
    renameSync(copied, aside);
    return basename(aside);
  }

  #removePlace(): void {
    for (const end of BESIDE) rmSync(`${this.#place}${end}`, { force: true });
  }
}

/** What cannot be read is put aside too. */
function isOccupied(file: string): boolean {
  try {
    return inspect(file, (database) => database.prepare('SELECT 1 FROM sqlite_master').get()) !== undefined;
  } catch {
    return true;
  }
}

/** Shares the blocks of the source where the file system can. */
function copyDurably(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  chmodSync(to, 0o600);
  const descriptor = openSync(to, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** 0 where there is no such file. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function syncFolderOf(file: string): void {
  const descriptor = openSync(dirname(file), 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
