/**
 * Appends while a million messages are removed behind them: those of one thread that was deleted, and those of a user
 * who was, half of them in threads of others, which stay without their name; and while a conversation is imported. On
 * both databases, before anything of what goes was indexed for searches.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, dropDatabase, postgresAnswers } from '../test/support/servers/temporary-postgres.ts';
import { withFolder } from './children.ts';
import { quick } from './options.ts';
import { type Filled, fillPostgres, fillSqlite, linesOf, workLeft } from './purge/filled.ts';
import { leftOut, type Row } from './table.ts';
import { addUser, type RunningTavernkeep, signIn, startTavernkeep, startThreads } from './tavernkeep.ts';

const MESSAGES = quick ? 100_000 : 1_000_000;
const IMPORTED = quick ? 10_000 : 30_000;
const WRITERS = 4;
/** How long appends are measured, without and with something being removed, if that takes as long. */
const MEASURED_MS = quick ? 3_000 : 10_000;
/** How much longer a request may take while something is removed. */
const BAR_MS = 50;
const POLL_MS = 250;

type Place = Readonly<{ name: string; folder: string; settings: Record<string, string>; url?: string }>;

export async function run(): Promise<Row[]> {
  const sqlite = await withFolder((folder) => measured({ name: 'SQLite', folder, settings: {} }));
  return [...sqlite, ...(await onPostgres())];
}

async function onPostgres(): Promise<Row[]> {
  if (!(await postgresAnswers())) return [leftOut('the rows of PostgreSQL', 'none answers at TEST_POSTGRES_URL')];
  const url = await createDatabase();
  try {
    const settings = { DATABASE_URL: url };
    return await withFolder((folder) => measured({ name: 'PostgreSQL', folder, settings, url }));
  } finally {
    await dropDatabase(url);
  }
}

async function measured(place: Place): Promise<Row[]> {
  const first = await startTavernkeep(place.folder, undefined, place.settings);
  const filled = await namesIn(first.url);
  await first.process.stop();
  await fill(place, filled);
  const server = await startTavernkeep(place.folder, undefined, place.settings);
  try {
    return await figures(place, server, filled);
  } finally {
    await server.process.stop();
  }
}

/** Two users who are to go, and the one who stays. */
async function namesIn(url: string): Promise<Filled> {
  const cookie = await signIn(url);
  const answer = await fetch(`${url}/api/v1/auth/me`, { headers: { cookie } });
  const stays = ((await answer.json()) as { user: { id: string } }).user.id;
  const goes = await addUser(url, cookie, {
    email: 'goes@tavernkeep.local',
    display_name: 'Goes',
    password: 'sturdy oak',
  });
  return { stays, goes };
}

function fill({ folder, url }: Place, filled: Filled): void | Promise<void> {
  return url === undefined ? fillSqlite(join(folder, 'app.db'), filled, MESSAGES) : fillPostgres(url, filled, MESSAGES);
}

async function figures(place: Place, { url }: RunningTavernkeep, filled: Filled): Promise<Row[]> {
  const cookie = await signIn(url);
  const threads = await startThreads(url, cookie, WRITERS);
  const remove = async (path: string) => {
    const answer = await fetch(`${url}/api/v1${path}`, { method: 'DELETE', headers: { cookie, 'if-match': '*' } });
    if (answer.status !== 204) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  const appends = (until: () => Promise<boolean>) => timesOf(url, cookie, threads, until);
  const forSomeTime = (ms = MEASURED_MS) => {
    const end = performance.now() + ms;
    return async () => performance.now() > end;
  };
  await appends(forSomeTime(MEASURED_MS / 5));
  const alone = await appends(forSomeTime());
  const row = (what: string, meanwhile: readonly number[]) => rowOf(place.name, what, alone, meanwhile);
  const left = () => workLeft(place.url ?? join(place.folder, 'app.db'));
  const removing = async (what: string, path: string) => {
    await remove(path);
    const isOver = forSomeTime();
    const meanwhile = await appends(async () => (await isOver()) || (await left()) === 0);
    return row(`${(MESSAGES / 1_000_000).toLocaleString('en')} M messages of ${what} go`, meanwhile);
  };
  const rows = [await removing('a user', `/admin/users/${filled.goes}`), await removing('a thread', '/chat/thr_goes')];
  const importing = importFile(url, cookie);
  let isImported = false;
  const ended = importing.finally(() => {
    isImported = true;
  });
  const meanwhile = await appends(async () => isImported);
  await ended;
  return [...rows, row(`${IMPORTED.toLocaleString('en')} messages are imported besides`, meanwhile)];
}

async function importFile(url: string, cookie: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/chat/import`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/x-ndjson' },
    body: ReadableStream.from(linesOf(IMPORTED)),
    duplex: 'half',
  } as RequestInit);
  if (answer.status !== 201) throw new Error(`import: ${answer.status} ${await answer.text()}`);
}

/** How long appends took, each writer's in a thread of its own one after another, in ascending order. */
async function timesOf(
  url: string,
  cookie: string,
  threads: readonly string[],
  isOver: () => Promise<boolean>,
): Promise<readonly number[]> {
  const times: number[] = [];
  let over = false;
  const body = JSON.stringify({ content: 'We walk on, and nobody says a word about what we have left behind us.' });
  const headers = { cookie, 'content-type': 'application/json' };
  const write = async (path: string) => {
    while (!over) {
      const sent = performance.now();
      const answer = await fetch(url + path, { method: 'POST', headers, body });
      if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      await answer.arrayBuffer();
      times.push(performance.now() - sent);
    }
  };
  const writing = Promise.all(threads.map(write));
  while (!(await isOver())) await sleep(POLL_MS);
  over = true;
  await writing;
  return times.toSorted((a, b) => a - b);
}

function rowOf(name: string, what: string, alone: readonly number[], meanwhile: readonly number[]): Row {
  const at = (times: readonly number[], share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  const told = (times: readonly number[]) => `${at(times, 0.99).toFixed(1)} ms (${at(times, 1).toFixed(0)})`;
  return {
    work: `${name}: ${WRITERS} writers append while ${what}, p99 (max)`,
    ours: told(meanwhile),
    peer: `${told(alone)} without`,
    bar: `+ ${BAR_MS} ms`,
    met: at(meanwhile, 0.99) - at(alone, 0.99) <= BAR_MS,
  };
}
