/**
 * LangGraph's SQLite checkpointer: a turn is one `put` of the checkpoint with the messages of its thread, which it
 * stores whole.
 */
import { join } from 'node:path';
import { HumanMessage } from '@langchain/core/messages';
import { emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';
import { turns } from '../turns.ts';
import { type Subject, serveSubject } from './subject.ts';

type Thread = { config: Parameters<SqliteSaver['put']>[0]; messages: HumanMessage[] };

/** The state is at hand, as in a graph that runs: nothing is read back. A graph stores about three times per turn. */
function open(folder: string): Subject {
  const saver = SqliteSaver.fromConnString(join(folder, 'langgraph.db'));
  keepStatements(saver.db);
  saver.db.pragma('journal_mode = WAL');
  saver.db.pragma('synchronous = FULL');
  const threads = new Map<string, Thread>();
  return {
    synchronous: async () =>
      (saver.db.pragma('synchronous') as { synchronous: number }[]).map((row) => row.synchronous),
    async startThread() {
      const id = crypto.randomUUID();
      threads.set(id, { config: { configurable: { thread_id: id, checkpoint_ns: '' } }, messages: [] });
      return id;
    },
    async append(id, { speaker, text }) {
      const thread = threads.get(id)!;
      thread.messages.push(new HumanMessage({ content: text, name: speaker }));
      const step = thread.messages.length;
      const checkpoint = {
        ...emptyCheckpoint(),
        id: uuid6(step),
        channel_values: { messages: thread.messages },
        channel_versions: { messages: step },
      };
      thread.config = await saver.put(thread.config, checkpoint, { source: 'loop', step, parents: {} });
    },
  };
}

type Prepared = { reader: boolean; all(): unknown[]; run(): unknown };
type Prepares = { prepare(sql: string): unknown; pragma(sql: string): unknown };

/**
 * Prepares each statement once and lets go of none: it is faster, and better-sqlite3 12 aborts Node 24 when one is
 * collected (`RemoveEnvironmentCleanupHook`).
 */
function keepStatements(database: Prepares): void {
  const kept = new Map<string, unknown>();
  const prepare = database.prepare.bind(database);
  database.prepare = (sql) => {
    const statement = kept.get(sql) ?? prepare(sql);
    kept.set(sql, statement);
    return statement;
  };
  database.pragma = (sql) => {
    const statement = database.prepare(`PRAGMA ${sql}`) as Prepared;
    return statement.reader ? statement.all() : statement.run();
  };
}

await serveSubject(open(process.argv[2]!), turns);
