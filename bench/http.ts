/** Over HTTP: an append and a look at the meter, beside bare Express routes that do the least that is possible. */
import { join } from 'node:path';
import { Answering, withFolder } from './children.ts';
import type { Load, LoadResult } from './http/load.ts';
import { quick } from './options.ts';
import { type Measurement, mediansOf, type Plan } from './rounds.ts';
import { type Row, rateRow } from './table.ts';
import { signIn, startTavernkeep, startThreads } from './tavernkeep.ts';

const CONNECTIONS = 20;
/** So many threads per connection are enough that none reaches its trigger within a round. */
const FRESH_THREADS = 15;
const PLAN: Plan = quick ? { rounds: 1, seconds: 2, warmUpSeconds: 1 } : { rounds: 3, seconds: 4, warmUpSeconds: 2 };
const BODY = JSON.stringify({
  role: 'user',
  content: 'The door of the old mill stands open. '.repeat(8).slice(0, 300),
});
const JSON_TYPE = { 'content-type': 'application/json' };

type Generator = Answering<Load, LoadResult>;
type Server = Readonly<{ url: string; headers: Readonly<Record<string, string>> }>;

export function run(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const generator: Generator = new Answering('http/load.ts');
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
        const figure = await load(generator, ours, 'POST', divided(fresh))(seconds);
        await checkNotCompacted(ours, fresh);
        return figure;
      },
      steady: load(generator, ours, 'POST', divided(threads)),
      hot: load(
        generator,
        ours,
        'POST',
        threads.map(() => hot),
      ),
      insert: load(generator, insert, 'POST', divided(peerThreads)),
      bare: load(generator, bare, 'POST', divided(peerThreads)),
      usage: load(generator, ours, 'GET', divided(usageOf(threads))),
      bareGet: load(generator, bare, 'GET', divided(usageOf(peerThreads))),
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

function load(generator: Generator, server: Server, method: Load['method'], paths: Load['paths']): Measurement {
  const sent = method === 'GET' ? server.headers : { ...server.headers, ...JSON_TYPE };
  return async (seconds) => {
    const job = { url: server.url, method, headers: sent, ...(method === 'GET' ? {} : { body: BODY }), paths, seconds };
    const { perSecond, failures } = await generator.ask(job);
    if (failures > 0) throw new Error(`${failures} requests to ${paths[0]![0]} failed`);
    return perSecond;
  };
}

/** Each connection's share of the paths. */
function divided(paths: readonly string[]): string[][] {
  return Array.from({ length: CONNECTIONS }, (_, own) => paths.filter((_, index) => index % CONNECTIONS === own));
}

function usageOf(threads: readonly string[]): string[] {
  return threads.map((path) => `${path}/context-usage`);
}

async function checkNotCompacted({ url, headers }: Server, threads: readonly string[]): Promise<void> {
  for (const path of threads.filter((_, index) => index % CONNECTIONS === 0)) {
    const { revision } = (await (await fetch(`${url}${path}/context-usage`, { headers })).json()) as {
      revision: number;
    };
    if (revision > 0) throw new Error('A fresh thread was compacted: raise FRESH_THREADS.');
  }
}
