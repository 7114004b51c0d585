/** Over HTTP: an append and a look at the meter, beside bare Express routes that do the least that is possible. */
import { join } from 'node:path';
import { Answering, withFolder } from './children.ts';
import {
  appendsTo,
  CONNECTIONS,
  checkNotCompacted,
  FRESH_THREADS,
  type Generator,
  load,
  loadGenerator,
  PLAN,
  reads,
  type Server,
  usageOf,
} from './http/requests.ts';
import { mediansOf } from './rounds.ts';
import { type Row, rateRow } from './table.ts';
import { signIn, startTavernkeep, startThreads } from './tavernkeep.ts';

export function run(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const generator = loadGenerator();
    const insert = new Answering('http/express-peer.ts', ['insert', join(folder, 'peer.db')]);
    const bare = new Answering('http/express-peer.ts', ['json']);
    const ours = await startTavernkeep(folder);
    try {
      await generator.ready();
      const cookie = await signIn(ours.url);
      return await measure(generator, {
        ours: { url: ours.url, headers: { cookie } },
        insert: { ...(await insert.ready<Server>()), headers: {} },
        bare: { ...(await bare.ready<Server>()), headers: {} },
      });
    } finally {
      for (const child of [generator, insert, bare]) child.close();
      await ours.process.stop();
    }
  });
}

type Servers = Readonly<Record<'ours' | 'insert' | 'bare', Server>>;

async function measure(generator: Generator, { ours, insert, bare }: Servers): Promise<Row[]> {
  const { cookie } = ours.headers as { cookie: string };
  const threads = await startThreads(ours.url, cookie, CONNECTIONS);
  const hot = await startThreads(ours.url, cookie, 1);
  const peerThreads = threads.map((_, index) => `/chat/thread-${index}`);
  const medians = await mediansOf(
    {
      fresh: async (seconds) => {
        const fresh = await startThreads(ours.url, cookie, CONNECTIONS * FRESH_THREADS);
        const figure = await load(generator, ours, appendsTo(fresh))(seconds);
        await checkNotCompacted(ours, fresh);
        return figure;
      },
      steady: load(generator, ours, appendsTo(threads)),
      hot: load(generator, ours, appendsTo(hot)),
      insert: load(generator, insert, appendsTo(peerThreads)),
      bare: load(generator, bare, appendsTo(peerThreads)),
      usage: load(generator, ours, reads(usageOf(threads))),
      bareGet: load(generator, bare, reads(usageOf(peerThreads))),
    },
    PLAN,
  );
  return rowsOf(medians);
}

function rowsOf(figures: Record<'fresh' | 'steady' | 'hot' | 'insert' | 'bare' | 'usage' | 'bareGet', number>): Row[] {
  const insert = { name: 'Express + one INSERT', rate: figures.insert };
  const bare = { name: 'Express, no database', rate: figures.bare };
  const appends = [
    ['300 threads, none at its trigger', figures.fresh],
    ['20 threads, compacting as they go', figures.steady],
    ['one hot thread, compacting as it goes', figures.hot],
  ] as const;
  return [
    ...appends.map(([how, figure]) => rateRow(`append over HTTP, ${how}`, figure, insert, 2)),
    ...appends.map(([how, figure]) => rateRow(`append over HTTP, ${how}`, figure, bare, 0.4)),
    rateRow('GET context-usage', figures.usage, { name: 'Express, no database', rate: figures.bareGet }, 0.6),
  ];
}
