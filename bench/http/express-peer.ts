/**
 * What everybody would write first, in bare Express: `insert` stores each message with one statement on SQLite,
 * `insert-postgres` on PostgreSQL, `json` stores nothing.
 */
import { DatabaseSync } from 'node:sqlite';
import express, { type Express } from 'express';
import pg from 'pg';

/** As many as Tavernkeep has. */
const POOL_SIZE = 10;

function insertRoute(app: Express, file: string): string {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE messages (
      id INTEGER PRIMARY KEY, thread_id TEXT NOT NULL, role TEXT NOT NULL, content TEXT NOT NULL, created_at INTEGER NOT NULL
    ) STRICT;
  `);
  const insert = database.prepare('INSERT INTO messages (thread_id, role, content, created_at) VALUES (?, ?, ?, ?)');
  app.post('/chat/:thread', (request, response) => {
    const { role, content } = request.body;
    const { lastInsertRowid } = insert.run(request.params.thread, role, content, Date.now());
    response.status(201).json({ id: Number(lastInsertRowid) });
  });
  return JSON.stringify(database.prepare('PRAGMA synchronous').get());
}

/** A prepared statement on the connections of a pool, at the database's own `synchronous_commit`. */
async function insertPostgresRoute(app: Express, connectionString: string): Promise<string> {
  const pool = new pg.Pool({ connectionString, max: POOL_SIZE });
  await pool.query(`
    CREATE TABLE messages (
      id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      thread_id TEXT NOT NULL, role TEXT NOT NULL, content TEXT NOT NULL, created_at BIGINT NOT NULL
    )`);
  const text = 'INSERT INTO messages (thread_id, role, content, created_at) VALUES ($1, $2, $3, $4) RETURNING id';
  app.post('/chat/:thread', async (request, response) => {
    const { role, content } = request.body;
    const { rows } = await pool.query({
      name: 'add',
      text,
      values: [request.params.thread, role, content, Date.now()],
    });
    response.status(201).json({ id: Number(rows[0].id) });
  });
  return JSON.stringify((await pool.query('SHOW synchronous_commit')).rows[0]);
}

function jsonRoutes(app: Express): void {
  app.post('/chat/:thread', (request, response) => {
    response.status(201).json({ thread: request.params.thread, length: request.body.content.length });
  });
  app.get('/chat/:thread/context-usage', (request, response) => {
    response.json({ thread: request.params.thread, approx_tokens: 8_800, max_tokens: 16_000, usage_pct: 55 });
  });
}

const ROUTES: Readonly<Record<string, (app: Express, place: string) => unknown>> = {
  insert: insertRoute,
  'insert-postgres': insertPostgresRoute,
  json: jsonRoutes,
};

const [kind = '', place = ''] = process.argv.slice(2);
const app = express();
app.use(express.json());
const synchronous = await ROUTES[kind]!(app, place);
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.send!({ url: `http://127.0.0.1:${port}`, synchronous });
});
