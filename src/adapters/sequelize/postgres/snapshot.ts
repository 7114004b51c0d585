/** The rows of a PostgreSQL database as they stand at one moment, a file of JSON lines for each table. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { NO_RECORDS, RECORD_TABLES, type Snapshot } from '../shared/record-tables.ts';
import { withMaintenanceClient } from './connection.ts';

/** Rows at a time: the longest messages are of a million characters. */
const ROWS_PER_FETCH = 100;

/**
 * Writes every table into a folder, beside servers. The snapshot is one that SERIALIZABLE transactions could have seen
 * one after another; it begins with the first query, so no commit is missing before that.
 */
export function snapshotPostgres(url: string, folder: string): Promise<Snapshot> {
  return withMaintenanceClient(url, async (client) => {
    const tables = await tablesIn(client);
    if (tables.length === 0) throw new Error(NO_RECORDS);
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE');
    // A migration waits until we are done; a server that starts with none to run does not.
    await client.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS SHARE MODE`);
    if (`${await tablesIn(client)}` !== `${tables}`) throw new Error('The schema changed meanwhile. Try again.');
    const { rows: applied } = await client.query('SELECT name FROM applied_migrations ORDER BY name');
    const rows: Record<string, number> = {};
    for (const table of tables) rows[table] = await writeTable(client, table, join(folder, fileOf(table)));
    await client.query('COMMIT');
    return { migrations: applied.map(({ name }) => name), rows, files: tables.map(fileOf) };
  });
}

export function fileOf(table: string): string {
  return `${table}.ndjson`;
}

/** Those of the records: others may keep tables of their own in the schema. */
export async function tablesIn(client: pg.ClientBase): Promise<readonly string[]> {
  const sql = 'SELECT tablename FROM pg_tables WHERE schemaname = current_schema()';
  const found = new Set((await client.query(sql)).rows.map(({ tablename }) => tablename));
  return RECORD_TABLES.filter((table) => found.has(table));
}

/** Answers the number of rows. */
async function writeTable(client: pg.ClientBase, table: string, path: string): Promise<number> {
  await using file = await open(path, 'wx', 0o600);
  await client.query(`DECLARE records NO SCROLL CURSOR FOR SELECT row_to_json(r)::text AS line FROM ${table} AS r`);
  let count = 0;
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${ROWS_PER_FETCH} FROM records`);
    if (rows.length === 0) break;
    await file.write(rows.map(({ line }) => `${line}\n`).join(''));
    count += rows.length;
  }
  await client.query('CLOSE records');
  return count;
}
