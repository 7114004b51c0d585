/** LangGraph's SQLite checkpointer: a turn is one `put` of the checkpoint with the messages of its thread, which it stores whole. */
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
    synchronous: async () => [saver.db.pragma('synchronous', { simple: true }) as number],
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

/** Prepares each statement once: it is faster, and better-sqlite3 12 can abort Node 24 when a statement is collected. */
function keepStatements(database: { prepare(sql: string): unknown }): void {
  const kept = new Map<string, unknown>();
  const prepare = database.prepare.bind(database);
  database.prepare = (sql) => {
    const statement = kept.get(sql) ?? prepare(sql);
    kept.set(sql, statement);
    return statement;
  };
}

await serveSubject(open(process.argv[2]!), turns);
