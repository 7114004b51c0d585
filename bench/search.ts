/**
 * Search over a million messages of two hundred threads, beside other requests, on both databases; and whether what a
 * window has lost is found again.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, dropDatabase, postgresAnswers } from '../test/support/servers/temporary-postgres.ts';
import { withFolder } from './children.ts';
import { type Generator, loadGenerator, reads, usageOf } from './http/requests.ts';
import { quick } from './options.ts';
import { fillPostgres, fillSqlite, queries, THREADS, threadIdOf } from './search/million.ts';
import { recallRow } from './search/recall.ts';
import { leftOut, type Row } from './table.ts';
import { type RunningTavernkeep, signIn, startTavernkeep } from './tavernkeep.ts';

const MESSAGES = quick ? 100_000 : 1_000_000;
const SEARCHES = quick ? 100 : 300;
const SEARCHERS = 2;
const SEARCH_BAR_MS = 100;
const OTHERS_BAR_MS = 50;
const POLL_MS = 500;

type Place = Readonly<{ name: string; settings: Record<string, string>; fill(owner: string): void | Promise<void> }>;

export async function run(): Promise<Row[]> {
  const sqlite = await withFolder((folder) =>
    measured(folder, {
      name: 'SQLite',
      settings: {},
      fill: (owner) => fillSqlite(join(folder, 'app.db'), owner, MESSAGES),
    }),
  );
  return [...sqlite, ...(await onPostgres()), await recallRow()];
}

async function onPostgres(): Promise<Row[]> {
  if (!(await postgresAnswers())) return [leftOut('the rows of PostgreSQL', 'none answers at TEST_POSTGRES_URL')];
  const url = await createDatabase();
  try {
    const place = {
      name: 'PostgreSQL',
      settings: { DATABASE_URL: url },
      fill: (owner: string) => fillPostgres(url, owner, MESSAGES),
    };
    return await withFolder((folder) => measured(folder, place));
  } finally {
    await dropDatabase(url);
  }
}

async function measured(folder: string, { name, settings, fill }: Place): Promise<Row[]> {
  const first = await startTavernkeep(folder, undefined, settings);
  const owner = await whoAmI(first.url, await signIn(first.url));
  await first.process.stop();
  await fill(owner);
  const server = await startTavernkeep(folder, undefined, settings);
  const generator = loadGenerator();
  try {
    await generator.ready();
    const started = performance.now();
    await indexed(server);
    const seconds = (performance.now() - started) / 1_000;
    return [indexRow(name, seconds), ...(await figures(name, server, generator))];
  } finally {
    generator.close();
    await server.process.stop();
  }
}

async function whoAmI(url: string, cookie: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/me`, { headers: { cookie } });
  return ((await answer.json()) as { user: { id: string } }).user.id;
}

/** Waits until nothing is left to be indexed. */
async function indexed({ url, process }: RunningTavernkeep): Promise<void> {
  for (;;) {
    const scraped = await (await fetch(`${url}/metrics`)).text();
    if (/^tavernkeep_search_unindexed_messages 0$/m.test(scraped)) return;
    process.checkAlive();
    await sleep(POLL_MS);
  }
}

async function figures(name: string, { url }: RunningTavernkeep, generator: Generator): Promise<Row[]> {
  const headers = { cookie: await signIn(url) };
  const threads = Array.from({ length: THREADS }, (_, thread) => `/api/v1/chat/${threadIdOf(thread)}`);
  // Few at a time: it is about how long each waits, and not about how many there can be.
  const others = reads(usageOf(threads)).slice(0, 4);
  const ask = (seconds: number) => generator.ask({ url, method: 'GET', headers, requests: others, seconds });
  const seconds = quick ? 3 : 10;
  const alone = await ask(seconds);
  const beside = ask(seconds);
  const times = await searchTimes(url, headers, seconds);
  const meanwhile = await beside;
  return [searchRow(name, times), othersRow(name, meanwhile.p99Ms, alone.p99Ms)];
}

/** At least so many searches, and as long as the other requests last. */
async function searchTimes(url: string, headers: Record<string, string>, seconds: number): Promise<number[]> {
  const times: number[] = [];
  const asked = queries(SEARCHES);
  const end = performance.now() + seconds * 1_000;
  const search = async (searcher: number) => {
    for (let i = searcher; times.length < SEARCHES || performance.now() < end; i += SEARCHERS) {
      const started = performance.now();
      const query = encodeURIComponent(asked[i % asked.length] as string);
      const answer = await fetch(`${url}/api/v1/chat/search?query=${query}`, { headers });
      if (answer.status !== 200) throw new Error(`search: ${answer.status} ${await answer.text()}`);
      await answer.arrayBuffer();
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: SEARCHERS }, (_, searcher) => search(searcher)));
  return times.sort((a, b) => a - b);
}

const millions = `${(MESSAGES / 1_000_000).toLocaleString('en')} M messages of ${THREADS} threads`;

function indexRow(name: string, seconds: number): Row {
  return { work: `${name}: index of ${millions}, made behind the requests`, ours: `${Math.round(seconds)} s` };
}

function searchRow(name: string, times: readonly number[]): Row {
  const at = (share: number) => times[Math.floor(times.length * share)] as number;
  return {
    work: `${name}: search over ${millions}, p95 (p50)`,
    ours: `${at(0.95).toFixed(0)} ms (${at(0.5).toFixed(0)})`,
    bar: `≤ ${SEARCH_BAR_MS} ms`,
    met: at(0.95) <= SEARCH_BAR_MS,
  };
}

function othersRow(name: string, p99Ms: number, aloneMs: number): Row {
  return {
    work: `${name}: GET context-usage of 4 connections meanwhile, p99`,
    ours: `${p99Ms} ms`,
    peer: `without searches ${aloneMs} ms`,
    bar: `< ${OTHERS_BAR_MS} ms`,
    met: p99Ms < OTHERS_BAR_MS,
  };
}
