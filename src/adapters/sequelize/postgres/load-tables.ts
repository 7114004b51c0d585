/** Puts the JSON lines of a backup into the empty tables of a schema. */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Inventory } from '../shared/record-tables.ts';
import { fileOf, tablesIn } from './snapshot.ts';

/** At most so much text goes in a statement, unless one line is longer. */
const CHARACTERS_PER_STATEMENT = 1_000_000;
const NEWLINE = 0x0a;

/** In one transaction. Every table of the schema that has a file is filled, the others are emptied. */
export async function loadTables(client: pg.ClientBase, folder: string): Promise<Inventory> {
  const tables = await tablesIn(client);
  const rows: Record<string, number> = {};
  // Migrations leave rows: those of the backup stand for them.
  await client.query(`BEGIN; TRUNCATE ${tables.join(', ')}`);
  for (const table of tables) {
    const path = join(folder, fileOf(table));
    rows[table] = existsSync(path) ? await loadTable(client, table, path) : 0;
  }
  const { rows: applied } = await client.query('SELECT name FROM applied_migrations ORDER BY name');
  // Until it has statistics, a table is read as if it were small.
  await client.query(`COMMIT; ANALYZE ${tables.join(', ')}`);
  return { migrations: applied.map(({ name }) => name), rows };
}

/** Answers the number of rows that are there then. Numbers are never JavaScript's, so that none loses a digit. */
async function loadTable(client: pg.ClientBase, table: string, path: string): Promise<number> {
  const columns = await writableColumns(client, table);
  const insert = `INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`;
  for await (const lines of batchesOf(path)) await client.query(insert, [`[${lines.join(',')}]`]);
  await continueNumbering(client, table);
  const { rows } = await client.query(`SELECT COUNT(*) AS count FROM ${table}`);
  return Number(rows[0].count);
}

/** Numbers that the database gives go on behind those that were given before. */
async function continueNumbering(client: pg.ClientBase, table: string): Promise<void> {
  const sql = `
    SELECT quote_ident(attname) AS name, pg_get_serial_sequence($1, attname) AS sequence FROM pg_attribute
    WHERE attrelid = $1::regclass AND attidentity <> ''`;
  for (const { name, sequence } of (await client.query(sql, [table])).rows)
    await client.query(`SELECT setval($1, COALESCE(MAX(${name}), 0) + 1, false) FROM ${table}`, [sequence]);
}

/** Without those that the database computes. */
async function writableColumns(client: pg.ClientBase, table: string): Promise<string> {
  const sql = `
    SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`;
  return (await client.query(sql, [table])).rows[0].columns;
}

async function* batchesOf(path: string): AsyncIterable<readonly string[]> {
  let [batch, characters]: [string[], number] = [[], 0];
  for await (const line of linesOf(path)) {
    if (characters > 0 && characters + line.length > CHARACTERS_PER_STATEMENT) {
      yield batch;
      [batch, characters] = [[], 0];
    }
    batch.push(line);
    characters += line.length;
  }
  if (batch.length > 0) yield batch;
}

/** By line feeds alone: `node:readline` would also end a line at the separators that people write. */
async function* linesOf(path: string): AsyncIterable<string> {
  let parts: Buffer[] = [];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let begin = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, begin)) {
      yield Buffer.concat([...parts, chunk.subarray(begin, end)]).toString();
      [parts, begin] = [[], end + 1];
    }
    parts.push(chunk.subarray(begin));
  }
  const rest = Buffer.concat(parts).toString();
  if (rest !== '') yield rest;
}
