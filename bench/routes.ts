/** What the number of routes costs: the same call as the first and as the last of 150 that are declared. */
import { Answering } from './children.ts';
import type { Load, LoadResult } from './http/load.ts';
import { quick } from './options.ts';
import { type Measurement, mediansOf, type Plan } from './rounds.ts';
import { type Row, rateRow } from './table.ts';

const CONNECTIONS = 20;
const PLAN: Plan = quick ? { rounds: 1, seconds: 2, warmUpSeconds: 1 } : { rounds: 9, seconds: 2, warmUpSeconds: 2 };
/** What two runs of the same may differ by on shared cores. */
const BAR = 0.9;

type Generator = Answering<Load, LoadResult>;
/** Both servers are in one process, so that whatever happens to it happens to both. */
type Served = Readonly<{ cookie: string; routes: number; first: string; last: string }>;

export async function run(): Promise<Row[]> {
  const generator: Generator = new Answering('http/load.ts');
  const app = new Answering('routes/app.ts');
  try {
    await generator.ready();
    return [await compare(generator, await app.ready<Served>())];
  } finally {
    for (const child of [generator, app]) child.close();
  }
}

async function compare(generator: Generator, { cookie, routes, first, last }: Served): Promise<Row> {
  const reads = (url: string) => load(generator, new URL(url), cookie);
  const rates = await mediansOf({ first: reads(first), last: reads(last) }, PLAN);
  const work = `GET /auth/me as the last of ${routes} routes, no store behind it, 20 connections`;
  return rateRow(work, rates.last, { name: 'as the first of them', rate: rates.first }, BAR);
}

function load(generator: Generator, { origin, pathname: path }: URL, cookie: string): Measurement {
  const requests = Array.from({ length: CONNECTIONS }, () => [{ path }]);
  return async (seconds) => {
    const answer = await generator.ask({ url: origin, method: 'GET', headers: { cookie }, requests, seconds });
    if (answer.failures > 0) throw new Error(`${answer.failures} requests to ${path} failed`);
    return answer.perSecond;
  };
}
