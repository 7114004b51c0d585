/** What is asked of servers over HTTP by 20 connections, and how often a second it is answered. */
import { Answering } from '../children.ts';
import { quick } from '../options.ts';
import type { Measurement, Plan } from '../rounds.ts';
import { textsOf } from '../turns.ts';
import type { Asked, Load, LoadResult } from './load.ts';

export const CONNECTIONS = 20;
/** So many threads per connection are enough that none reaches its trigger within a round. */
export const FRESH_THREADS = 15;
export const PLAN: Plan = quick
  ? { rounds: 1, seconds: 2, warmUpSeconds: 1 }
  : { rounds: 3, seconds: 4, warmUpSeconds: 2 };
/** Texts of 300 characters that follow each other in one thread: more than a window holds, so that none comes twice. */
const TEXTS_PER_CONNECTION = 200;
const BODIES = textsOf(300, CONNECTIONS * TEXTS_PER_CONNECTION).map((content) =>
  JSON.stringify({ role: 'user', content }),
);
const JSON_TYPE = { 'content-type': 'application/json' };

export type Generator = Answering<Load, LoadResult>;
export type Server = Readonly<{ url: string; headers: Readonly<Record<string, string>> }>;

export function loadGenerator(): Generator {
  return new Answering('http/load.ts');
}

export function load(generator: Generator, server: Server, requests: Load['requests']): Measurement {
  const method = requests[0]![0]!.body === undefined ? 'GET' : 'POST';
  const headers = method === 'GET' ? server.headers : { ...server.headers, ...JSON_TYPE };
  return async (seconds) => {
    const { perSecond, failures } = await generator.ask({ url: server.url, method, headers, requests, seconds });
    if (failures > 0) throw new Error(`${failures} requests to ${requests[0]![0]!.path} failed`);
    return perSecond;
  };
}

/** Each connection appends to its share of the threads in turn, and never says the same twice in a row. */
export function appendsTo(threads: readonly string[]): Asked[][] {
  return divided(threads).map((own, connection) =>
    Array.from({ length: TEXTS_PER_CONNECTION }, (_, index) => ({
      path: own[index % own.length]!,
      body: BODIES[connection * TEXTS_PER_CONNECTION + index]!,
    })),
  );
}

export function reads(paths: readonly string[]): Asked[][] {
  return divided(paths).map((own) => own.map((path) => ({ path })));
}

/** Each connection's share of the paths; all of them share where there are too few. */
function divided(paths: readonly string[]): string[][] {
  return Array.from({ length: CONNECTIONS }, (_, own) =>
    paths.length < CONNECTIONS ? [...paths] : paths.filter((_, index) => index % CONNECTIONS === own),
  );
}

export function usageOf(threads: readonly string[]): string[] {
  return threads.map((path) => `${path}/context-usage`);
}

export async function checkNotCompacted({ url, headers }: Server, threads: readonly string[]): Promise<void> {
  for (const path of threads.filter((_, index) => index % CONNECTIONS === 0)) {
    const { revision } = (await (await fetch(`${url}${path}/context-usage`, { headers })).json()) as {
      revision: number;
    };
    if (revision > 0) throw new Error('A fresh thread was compacted: raise FRESH_THREADS.');
  }
}
