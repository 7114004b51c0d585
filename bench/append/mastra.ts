/** `saveMessages` of @mastra/memory on @mastra/libsql, with a commit that is on the disk when it returns. */
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { LibSQLStore } from '@mastra/libsql';
import { Memory } from '@mastra/memory';
import { turns } from '../turns.ts';
import { type Subject, serveSubject } from './subject.ts';

/** The size of the client's pool, unless told. */
const CONNECTIONS = 20;
const RESOURCE = 'bench';
/** What the store sets on the first of its connections when it opens a file itself, but for `synchronous = NORMAL`. */
const PRAGMAS = [
  'journal_mode = WAL',
  'busy_timeout = 5000',
  'synchronous = FULL',
  'temp_store = MEMORY',
  'cache_size = -16000',
  'mmap_size = 134217728',
];

type Client = ReturnType<typeof createClient>;

/** Asks every connection of the pool, which is what so many calls at once are given. */
function everywhere(client: Client, sql: string): Promise<number[]> {
  return Promise.all(
    Array.from({ length: CONNECTIONS }, async () => Number((await client.execute(sql)).rows[0]?.synchronous)),
  );
}

async function open(folder: string): Promise<Subject> {
  const client = createClient({ url: `file:${join(folder, 'mastra.db')}`, timeout: 5_000 });
  for (const pragma of PRAGMAS) await everywhere(client, `PRAGMA ${pragma}`);
  const storage = new LibSQLStore({ id: 'bench', client: client as never });
  const memory = new Memory({ storage, options: { semanticRecall: false } });
  let messages = 0;
  return {
    synchronous: () => everywhere(client, 'PRAGMA synchronous'),
    startThread: async () => (await memory.createThread({ resourceId: RESOURCE })).id,
    async append(threadId, { speaker, text }) {
      const content = { format: 2 as const, parts: [{ type: 'text' as const, text }], metadata: { speaker } };
      const id = `message-${messages++}`;
      await memory.saveMessages({
        messages: [{ id, threadId, resourceId: RESOURCE, role: 'user', createdAt: new Date(), content }],
      });
    },
  };
}

await serveSubject(await open(process.argv[2]!), turns);
