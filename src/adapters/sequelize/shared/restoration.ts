/** What a restore asks of a database: a new place beside it, where a backup is checked before it takes over. */
import type { Reads } from '#application/repos.ts';
import type { Inventory } from './record-tables.ts';

/** A new place, opened as a server would open it. */
type OpenPlace = Readonly<{
  migrator(folder: string): Readonly<{ up(): Promise<unknown> }>;
  stores(): Readonly<{ reads: Reads }>;
  close(): Promise<void>;
}>;

/** Holds the servers' lock from when it is opened until `close`. */
export interface Restoration {
  /** Whether the database has tables, so that `swap` would put them aside. */
  readonly isOccupied: boolean;
  /**
   * Puts the files of a backup into the new place, with the schema of `newestMigration`. Throws where a file does not
   * fit the schema. The database is not touched.
   */
  load(folder: string, newestMigration: string): Promise<Inventory>;
  open(): Promise<OpenPlace>;
  /** What is wrong with the rows of the new place, whose schema is up to date; empty where nothing is. */
  faults(): Promise<readonly string[]>;
  /**
   * Lets the new place take over, in one step: a kill leaves the one or the other, whole. Answers the name under which
   * the former database is kept; null where there was none.
   */
  swap(label: string): Promise<string | null>;
  /** Removes the new place, unless it took over, and lets go of the lock. */
  close(): Promise<void>;
}
