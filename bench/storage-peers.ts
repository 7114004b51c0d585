/** Durable appends of the peers, set up as their documentation does, at `synchronous=FULL` with a WAL. */
import { join } from 'node:path';

/** One durable append by one of the callers, each in a thread of its own. */
export type Append = (caller: number) => Promise<void>;
export type Peer = Readonly<{ append: Append; close(): void }>;

export async function mastraAppends(folder: string, text: string): Promise<Peer> {
  const { Memory } = await import('@mastra/memory');
  const { LibSQLStore } = await import('@mastra/libsql');
  const { createClient } = await import('@libsql/client');
  const client = createClient({ url: `file:${join(folder, 'mastra.db')}` });
  await client.execute('PRAGMA journal_mode = WAL');
  await client.execute('PRAGMA synchronous = FULL');
  const memory = new Memory({ storage: new LibSQLStore({ id: 'bench', client }), options: { lastMessages: 10 } });
  for (let caller = 0; caller < 20; caller++) {
    await memory.createThread({ resourceId: 'bench', threadId: `thread-${caller}` });
  }
  const content = { format: 2 as const, parts: [{ type: 'text' as const, text }] };
  const append: Append = async (caller) => {
    const message = { id: crypto.randomUUID(), role: 'user' as const, createdAt: new Date(), resourceId: 'bench' };
    await memory.saveMessages({ messages: [{ ...message, threadId: `thread-${caller}`, content }] });
  };
  return { append, close: () => client.close() };
}

export async function langGraphAppends(folder: string, text: string): Promise<Peer> {
  const { SqliteSaver } = await import('@langchain/langgraph-checkpoint-sqlite');
  const { emptyCheckpoint } = await import('@langchain/langgraph-checkpoint');
  const saver = SqliteSaver.fromConnString(join(folder, 'langgraph.db'));
  keepStatements(saver.db);
  saver.db.pragma('journal_mode = WAL');
  saver.db.pragma('synchronous = FULL');
  const append: Append = async (caller) => {
    // A checkpoint holds the whole state; with one message in it, this is the least that it can write.
    const checkpoint = { ...emptyCheckpoint(), id: crypto.randomUUID(), channel_values: { messages: [text] } };
    await saver.put({ configurable: { thread_id: `thread-${caller}`, checkpoint_ns: '' } }, checkpoint, {
      source: 'input',
      step: 0,
      parents: {},
    });
  };
  return { append, close: () => saver.db.close() };
}

type Prepares = { prepare(sql: string): unknown };

/**
 * Prepares each statement once: it is faster, and better-sqlite3 12 with Node 24.21 aborts the process when it collects one
 * (`RemoveEnvironmentCleanupHook`).
 */
function keepStatements(database: Prepares): void {
  const kept = new Map<string, unknown>();
  const prepare = database.prepare.bind(database);
  database.prepare = (sql) => {
    if (!kept.has(sql)) kept.set(sql, prepare(sql));
    return kept.get(sql);
  };
}
