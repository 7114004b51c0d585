/** The SQLite file of a running server, watched for changes by somebody else's connection. */
import { DatabaseSync } from 'node:sqlite';

/** Written of refusals too, or behind the requests. */
const OTHER_TABLES = /^(audit_|applied_migrations|jobs)/;
const OTHER_COLUMNS = ['last_used_at', 'usage_count'];

export class WatchedFile implements Disposable {
  readonly #database: DatabaseSync;
  #version: unknown;
  #rows: ReadonlyMap<string, string> = new Map();

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { readOnly: true });
    this.changedTables();
  }

  /** The tables whose rows are others than when this was last asked. */
  changedTables(): readonly string[] {
    // Another one after every commit of another connection, and cheap.
    const version = this.#database.prepare('PRAGMA data_version').get()?.data_version;
    if (version === this.#version) return [];
    this.#version = version;
    const before = this.#rows;
    this.#rows = this.#read();
    return [...this.#rows].filter(([table, rows]) => before.get(table) !== rows).map(([table]) => table);
  }

  #read(): ReadonlyMap<string, string> {
    const tables = this.#database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    const names = tables.map(({ name }) => String(name)).filter((name) => !OTHER_TABLES.test(name));
    return new Map(names.map((name) => [name, this.#rowsOf(name)]));
  }

  #rowsOf(table: string): string {
    const rows = this.#database.prepare(`SELECT * FROM ${table}`).all();
    return JSON.stringify(rows, (column, value) => (OTHER_COLUMNS.includes(column) ? undefined : value));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
