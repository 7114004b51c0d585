/**
 * Who is asking: the session check beside better-auth's, the permission check in the process, and both under a flood of
 * sign-ins.
 */
import { join } from 'node:path';
import { floodRows } from './auth/flood.ts';
import { signInTimeRow } from './auth/sign-in-time.ts';
import { Answering, withFolder } from './children.ts';
import type { Load, LoadResult } from './http/load.ts';
import { quick } from './options.ts';
import { type Measurement, median, mediansOf, type Plan } from './rounds.ts';
import { type Row, rateRow } from './table.ts';
import { signIn, startTavernkeep } from './tavernkeep.ts';

const CONNECTIONS = 20;
const PLAN: Plan = quick ? { rounds: 1, seconds: 2, warmUpSeconds: 1 } : { rounds: 3, seconds: 4, warmUpSeconds: 2 };
const SESSION_BAR = 6;
const PERMISSION_ROUNDS = quick ? 3 : 7;
const PERMISSION_CALLS = 200_000;
const PERMISSION_BAR_US = 5;

type Generator = Answering<Load, LoadResult>;
type Asked = Readonly<{ url: string; path: string; cookie: string }>;

export async function run(): Promise<Row[]> {
  return [await sessionRow(), await permissionRow(), await signInTimeRow(), ...(await floodRows())];
}

function sessionRow(): Promise<Row> {
  return withFolder(async (folder) => {
    const generator: Generator = new Answering('http/load.ts');
    const peer = new Answering('auth/better-auth-peer.ts', [join(folder, 'peer.db')]);
    const ours = await startTavernkeep(folder);
    try {
      await generator.ready();
      const me = { url: ours.url, path: '/api/v1/auth/me', cookie: await signIn(ours.url) };
      return await compare(generator, me, await peer.ready<Asked>());
    } finally {
      for (const child of [generator, peer]) child.close();
      await ours.process.stop();
    }
  });
}

async function compare(generator: Generator, ours: Asked, peer: Asked): Promise<Row> {
  const rates = await mediansOf({ ours: reads(generator, ours), peer: reads(generator, peer) }, PLAN);
  const name = 'better-auth 1.7.7 getSession, node:sqlite, defaults (cookie cache off)';
  return rateRow(
    'GET /auth/me with a session cookie, 20 connections',
    rates.ours,
    { name, rate: rates.peer },
    SESSION_BAR,
  );
}

function reads(generator: Generator, { url, path, cookie }: Asked): Measurement {
  const requests = Array.from({ length: CONNECTIONS }, () => [{ path }]);
  return async (seconds) => {
    const answer = await generator.ask({ url, method: 'GET', headers: { cookie }, requests, seconds });
    if (answer.failures > 0) throw new Error(`${answer.failures} requests to ${path} failed`);
    return answer.perSecond;
  };
}

function permissionRow(): Promise<Row> {
  return withFolder(async (folder) => {
    const child = new Answering<{ calls: number }, number>('auth/permission-check.ts', [folder]);
    try {
      await child.ready();
      await child.ask({ calls: PERMISSION_CALLS });
      const figures: number[] = [];
      while (figures.length < PERMISSION_ROUNDS) figures.push(await child.ask({ calls: PERMISSION_CALLS }));
      return microsecondsRow(median(figures));
    } finally {
      child.close();
    }
  });
}

function microsecondsRow(us: number): Row {
  const work = 'permission check in the process: Principals.get from the cache + requirePermission';
  return { work, ours: `${us.toFixed(2)} µs`, bar: `< ${PERMISSION_BAR_US} µs`, met: us < PERMISSION_BAR_US };
}
