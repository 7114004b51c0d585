/** A migrated and seeded PostgreSQL database of its own, dropped after the test. */
import pg from 'pg';
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import type { RecordStores } from '#application/repos.ts';
import { MIGRATIONS, SEEDERS } from './temporary-database.ts';

/** Where the tests' PostgreSQL answers, as a user who may create databases. */
const POSTGRES_URL = process.env.TEST_POSTGRES_URL || 'postgres://postgres@127.0.0.1:5432/test';

export type TemporaryPostgres = Readonly<{
  url: string;
  database: PostgresDatabase;
  stores: RecordStores;
  /** Closes the database and drops it. */
  close(): Promise<void>;
}>;

let answers: Promise<boolean> | undefined;

/** Whether there is one; asked once. */
export function postgresAnswers(): Promise<boolean> {
  answers ??= run('SELECT 1').then(
    () => true,
    () => false,
  );
  return answers;
}

export async function openTemporaryPostgres(): Promise<TemporaryPostgres> {
  const url = await createDatabase(await templateDatabase());
  // As the server holds it where its sessions are its own.
  const database = await PostgresDatabase.open({ url, lock: 'exclusive' });
  return {
    url,
    database,
    stores: database.stores(),
    close: async () => {
      await database.close();
      await dropDatabase(url);
    },
  };
}

let counted = 0;

/** A new database: a copy of another one, or empty. */
export async function createDatabase(template = 'template0'): Promise<string> {
  const name = `tavernkeep_test_${process.pid}_${Date.now().toString(36)}_${++counted}`;
  await run(`CREATE DATABASE ${name} TEMPLATE ${template} ENCODING UTF8`);
  const url = new URL(POSTGRES_URL);
  url.pathname = `/${name}`;
  return url.href;
}

export async function dropDatabase(url: string): Promise<void> {
  await run(`DROP DATABASE IF EXISTS ${nameOf(url)} WITH (FORCE)`);
}

let template: Promise<string> | undefined;

/** The name of one that was migrated and seeded once; each test gets a copy. */
export function templateDatabase(): Promise<string> {
  template ??= makeTemplate();
  return template;
}

async function makeTemplate(): Promise<string> {
  const url = await createDatabase();
  after(() => dropDatabase(url));
  const database = await PostgresDatabase.open({ url });
  await database.migrator(MIGRATIONS).up();
  await new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork }).up();
  await database.close();
  return nameOf(url);
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

async function run(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: POSTGRES_URL, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
