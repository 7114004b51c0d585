/** Over HTTP: an append and a look at the meter, beside bare Express routes that do the least that is possible. */
import { join } from 'node:path';
import { Answering, withFolder } from './children.ts';
import type { Asked, Load, LoadResult } from './http/load.ts';
import { quick } from './options.ts';
import { type Measurement, mediansOf, type Plan } from './rounds.ts';
import { type Row, rateRow } from './table.ts';
import { signIn, startTavernkeep, startThreads } from './tavernkeep.ts';
import { textsOf } from './turns.ts';

const CONNECTIONS = 20;
/** So many threads per connection are enough that none reaches its trigger within a round. */
const FRESH_THREADS = 15;
const PLAN: Plan = quick ? { rounds: 1, seconds: 2, warmUpSeconds: 1 } : { rounds: 3, seconds: 4, warmUpSeconds: 2 };
/** Texts of 300 characters that follow each other in one thread: more than a window holds, so that none comes twice. */
const TEXTS_PER_CONNECTION = 200;
const BODIES = textsOf(300, CONNECTIONS * TEXTS_PER_CONNECTION).map((content) =>
  JSON.stringify({ role: 'user', content }),
);
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

function load(generator: Generator, server: Server, requests: Load['requests']): Measurement {
  const method = requests[0]![0]!.body === undefined ? 'GET' : 'POST';
  const headers = method === 'GET' ? server.headers : { ...server.headers, ...JSON_TYPE };
  return async (seconds) => {
    const { perSecond, failures } = await generator.ask({ url: server.url, method, headers, requests, seconds });
    if (failures > 0) throw new Error(`${failures} requests to ${requests[0]![0]!.path} failed`);
    return perSecond;
  };
}

/** Each connection appends to its share of the threads in turn, and never says the same twice in a row. */
function appendsTo(threads: readonly string[]): Asked[][] {
  return divided(threads).map((own, connection) =>
    Array.from({ length: TEXTS_PER_CONNECTION }, (_, index) => ({
      path: own[index % own.length]!,
      body: BODIES[connection * TEXTS_PER_CONNECTION + index]!,
    })),
  );
}

function reads(paths: readonly string[]): Asked[][] {
  return divided(paths).map((own) => own.map((path) => ({ path })));
}

/** Each connection's share of the paths; all of them share where there are too few. */
function divided(paths: readonly string[]): string[][] {
  return Array.from({ length: CONNECTIONS }, (_, own) =>
    paths.length < CONNECTIONS ? [...paths] : paths.filter((_, index) => index % CONNECTIONS === own),
  );
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
