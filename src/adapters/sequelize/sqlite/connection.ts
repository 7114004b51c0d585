/** Opens a SQLite file the one way this product uses it: the same PRAGMAs on every connection. */
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

/**
 * `full`: a commit is on the disk when it returns. `normal`: a power cut may lose the newest commits, never the order.
 */
export type Synchronous = 'full' | 'normal';

export type SqliteConnection = Readonly<{
  file: string;
  synchronous: Synchronous;
  /** How long a statement waits for another process before it gives up, in milliseconds. */
  busyTimeoutMs?: number;
  /** For reading beside the process that serves; false unless told. */
  readOnly?: boolean;
}>;

/**
 * Short on purpose: `node:sqlite` waits on the event loop, and within the process the writer queue already keeps
 * writers apart.
 */
const BUSY_TIMEOUT_MS = 1_000;

/** Throws the driver's error where the file cannot be opened. */
export function openSqlite(connection: SqliteConnection): DatabaseSync {
  const database = new DatabaseSync(connection.file, {
    timeout: connection.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
    readOnly: connection.readOnly === true,
  });
  try {
    if (connection.readOnly !== true) database.exec('PRAGMA journal_mode = WAL');
    database.exec(`
      PRAGMA synchronous = ${connection.synchronous === 'full' ? 'FULL' : 'NORMAL'};
      PRAGMA foreign_keys = ON;
      PRAGMA mmap_size = 0;
    `);
    database.function('folded', { deterministic: true }, folded);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Lower case, for comparing: SQLite itself folds the case of ASCII letters only. */
function folded(text: SQLOutputValue): string | null {
  return typeof text === 'string' ? text.toLowerCase() : null;
}
