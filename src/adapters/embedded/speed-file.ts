/** The SQLite file of the speed layer: opened for one process alone, and replaced where it is damaged. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Primary result codes, the low byte of extended ones. */
const BUSY = 5;
const DAMAGED = new Set([11, 26]);

export type SpeedFileOptions = Readonly<{
  /** Without it the tables are in memory. */
  path?: string | undefined;
  synchronous: 'full' | 'normal';
  /** Told, for the operator, where a damaged file was put aside and a fresh one is used. */
  onDamage?: (message: string) => void;
}>;

/**
 * One connection that locks the file exclusively, so that no second process can use it. All methods are synchronous.
 */
export class SpeedFile {
  readonly #database: DatabaseSync;
  readonly #path: string | undefined;

  /**
   * Opens or creates the file. Throws if another process holds it, or it cannot be used, with a message for the
   * operator. A damaged file is put aside: what is in it can be done without.
   */
  constructor(options: SpeedFileOptions) {
    this.#path = options.path;
    if (options.path !== undefined) mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
    this.#database = openOrReplace(options);
  }

  /** Runs statements that make a table of the file; throws as the constructor does. */
  make<Statements>(schema: string, prepare: (database: DatabaseSync) => Statements): Statements {
    try {
      this.#database.exec(schema);
      return prepare(this.#database);
    } catch (error) {
      this.#database.close();
      throw unusable(this.#path, error);
    }
  }

  /**
   * Runs `work` in one transaction: all of it or nothing. With `synchronous: 'full'` it is durable when this returns;
   * with `'normal'` a power failure, but no crash of the process, may undo it.
   */
  together(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function openOrReplace({ path, synchronous, onDamage }: SpeedFileOptions): DatabaseSync {
  try {
    return open(path, synchronous);
  } catch (error) {
    if (codeOf(error) === BUSY) throw new Error(held(path));
    if (path === undefined || !DAMAGED.has(codeOf(error))) throw unusable(path, error);
    const aside = `${path}.damaged`;
    renameSync(path, aside);
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
    onDamage?.(`SPEED_DB_PATH: ${basename(path)} was damaged and is now ${basename(aside)}; sessions begin anew.`);
    return open(path, synchronous);
  }
}

function open(path: string | undefined, synchronous: 'full' | 'normal'): DatabaseSync {
  // No busy timeout: another process holds the file for as long as it runs.
  const database = new DatabaseSync(path ?? ':memory:', { timeout: 0 });
  try {
    // In exclusive locking mode SQLite takes the lock on first use, and the empty exclusive transaction uses it now.
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${synchronous};
      PRAGMA mmap_size = 0;
      BEGIN EXCLUSIVE; COMMIT;
    `);
    const { quick_check: found } = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (found !== 'ok') throw Object.assign(new Error(found), { errcode: 11 });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function codeOf(error: unknown): number {
  return ((error as { errcode?: number }).errcode ?? 0) % 256;
}

function held(path: string | undefined): string {
  return `Another Tavernkeep process is using ${basename(path ?? '')}: only one at a time can. Stop it first.`;
}

/** For the operator: the file may be of another version, or not writable. */
function unusable(path: string | undefined, error: unknown): Error {
  const why = (error as Error).message;
  return new Error(
    `SPEED_DB_PATH: ${basename(path ?? '')} cannot be used (${why}). Make it writable, or remove it: it holds sessions alone, and everybody signs in anew.`,
  );
}
