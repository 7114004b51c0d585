/** Restores a PostgreSQL database: the rows are checked in a schema beside, whose tables then change places. */
import pg from 'pg';
import { BROKEN_THREADS, DERIVED_TABLES, type Inventory, RECORD_TABLES } from '../shared/record-tables.ts';
import type { Restoration } from '../shared/restoration.ts';
import { withMaintenanceClient } from './connection.ts';
import { PostgresDatabase } from './database.ts';
import { loadTables } from './load-tables.ts';
import { tablesIn } from './snapshot.ts';

/** PostgreSQL would cut a longer name. */
const MAX_NAME = 63;

type Options = Readonly<{ url: string; migrations: string }>;

export class PostgresRestoration implements Restoration {
  readonly isOccupied: boolean;
  readonly #url: string;
  readonly #migrations: string;
  readonly #schema: string;
  readonly #place: string;
  readonly #database: PostgresDatabase;

  private constructor({ url, migrations }: Options, schema: string, isOccupied: boolean, database: PostgresDatabase) {
    this.isOccupied = isOccupied;
    this.#url = url;
    this.#migrations = migrations;
    this.#schema = schema;
    this.#place = `tavernkeep_restoring_${schema.replaceAll(/[^a-z0-9_]/g, '_')}`.slice(0, MAX_NAME);
    this.#database = database;
  }

  /** Throws where a server runs. */
  static async open(options: Options): Promise<PostgresRestoration> {
    const database = await PostgresDatabase.open({ url: options.url, lock: 'exclusive' });
    try {
      return await withMaintenanceClient(options.url, async (client) => {
        const { rows } = await client.query('SELECT current_schema() AS schema');
        const [{ schema }] = rows;
        if (schema === null) throw new Error('DATABASE_URL: the schema of its search_path does not exist. Create it.');
        return new PostgresRestoration(options, schema, (await tablesIn(client)).length > 0, database);
      });
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async load(folder: string, newestMigration: string): Promise<Inventory> {
    await this.#removePlace();
    await withMaintenanceClient(this.#url, (client) => client.query(`CREATE SCHEMA ${quoted(this.#place)}`));
    const database = await this.open();
    try {
      await database.migrator(this.#migrations).up(newestMigration);
    } finally {
      await database.close();
    }
    return withMaintenanceClient(this.#placeUrl, (client) => loadTables(client, folder));
  }

  open(): Promise<PostgresDatabase> {
    return PostgresDatabase.open({ url: this.#placeUrl });
  }

  /** Structure and foreign keys are the database's to keep. */
  async faults(): Promise<readonly string[]> {
    const { rows } = await withMaintenanceClient(this.#placeUrl, (client) => client.query(BROKEN_THREADS));
    const broken = Number(rows[0].count);
    return broken > 0 ? [`threads with messages or a revision missing: ${broken}`] : [];
  }

  async swap(label: string): Promise<string | null> {
    if (!this.#database.holdsLock) throw new Error('A server was started meanwhile. Stop the servers first.');
    const suffix = `_before_restore_${label.toLowerCase()}`;
    const aside = `${this.#schema.slice(0, MAX_NAME - suffix.length)}${suffix}`;
    await withMaintenanceClient(this.#url, async (client) => {
      await client.query("BEGIN; SET LOCAL lock_timeout = '10s'");
      const functions = await functionsIn(client, this.#place);
      if (this.isOccupied) {
        await client.query(`CREATE SCHEMA ${quoted(aside)}`);
        await move(client, this.#schema, aside, functions);
      }
      await move(client, this.#place, this.#schema, functions);
      // Refused where anything is left in it.
      await client.query(`DROP SCHEMA ${quoted(this.#place)}; COMMIT`);
    });
    return this.isOccupied ? `schema ${aside}` : null;
  }

  async close(): Promise<void> {
    try {
      await this.#removePlace();
    } finally {
      await this.#database.close();
    }
  }

  async #removePlace(): Promise<void> {
    await withMaintenanceClient(this.#url, (client) =>
      client.query(`DROP SCHEMA IF EXISTS ${quoted(this.#place)} CASCADE`),
    );
  }

  /** The last `search_path` counts. The new place alone is on it, so that nothing reaches what is beside. */
  get #placeUrl(): string {
    const url = new URL(this.#url);
    const given = url.searchParams.get('options') ?? '';
    url.searchParams.set('options', `${given} -c search_path=${this.#place}`.trim());
    return url.href;
  }
}

/** Their signatures, without the schema. */
async function functionsIn(client: pg.ClientBase, schema: string): Promise<readonly string[]> {
  const sql = `
    SELECT format('%I(%s)', proname, pg_get_function_identity_arguments(pg_proc.oid)) AS signature
    FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace WHERE nspname = $1`;
  return (await client.query(sql, [schema])).rows.map(({ signature }) => signature);
}

/** Tables take their indexes, keys and triggers with them. What the one schema does not have stays where it is. */
async function move(client: pg.ClientBase, from: string, to: string, functions: readonly string[]): Promise<void> {
  const [source, target] = [quoted(from), quoted(to)];
  for (const table of [...RECORD_TABLES, ...DERIVED_TABLES])
    await client.query(`ALTER TABLE IF EXISTS ${source}.${table} SET SCHEMA ${target}`);
  const there = new Set(await functionsIn(client, from));
  for (const signature of functions.filter((one) => there.has(one)))
    await client.query(`ALTER FUNCTION ${source}.${signature} SET SCHEMA ${target}`);
}

const quoted = (name: string) => pg.escapeIdentifier(name);
