/**
 * What everybody would write first, in bare Express: `insert` stores each message with one statement, `json` stores
 * nothing.
 */
import { DatabaseSync } from 'node:sqlite';
import express, { type Express } from 'express';

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

function jsonRoutes(app: Express): void {
  app.post('/chat/:thread', (request, response) => {
    response.status(201).json({ thread: request.params.thread, length: request.body.content.length });
  });
  app.get('/chat/:thread/context-usage', (request, response) => {
    response.json({ thread: request.params.thread, approx_tokens: 8_800, max_tokens: 16_000, usage_pct: 55 });
  });
}

const [kind, file] = process.argv.slice(2);
const app = express();
app.use(express.json());
const synchronous = kind === 'insert' ? insertRoute(app, file!) : jsonRoutes(app);
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.send!({ url: `http://127.0.0.1:${port}`, synchronous });
});
