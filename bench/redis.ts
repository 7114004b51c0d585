/** Over HTTP with the speed layer in Redis: who is asking, beside the embedded one, and appends to two processes. */
import { availableParallelism } from 'node:os';
import { createDatabase, dropDatabase, postgresAnswers } from '../test/support/servers/temporary-postgres.ts';
import { openTemporaryRedis, redisAnswers } from '../test/support/servers/temporary-redis.ts';
import { withFolder } from './children.ts';
import { confined } from './confinement.ts';
import { appendsTo, CONNECTIONS, FRESH_THREADS, load, loadGenerator, PLAN, reads } from './http/requests.ts';
import { mediansOf } from './rounds.ts';
import { leftOut, type Row, rateRow } from './table.ts';
import { type RunningTavernkeep, signIn, startTavernkeep, startThreads } from './tavernkeep.ts';

const SESSION_PATH = '/api/v1/auth/me';

export async function run(): Promise<Row[]> {
  if (!(await redisAnswers())) return [leftOut('the rows of Redis', 'none answers at TEST_REDIS_URL')];
  const redis = await openTemporaryRedis();
  try {
    return [await sessionRow(redis.url), await processesRow(redis.url)];
  } finally {
    await redis.close();
  }
}

/** Both on SQLite, so that only the speed layer differs. */
function sessionRow(redisUrl: string): Promise<Row> {
  return withFolder((one) =>
    withFolder(async (other) => {
      const servers = [await startTavernkeep(one), await startTavernkeep(other, undefined, { REDIS_URL: redisUrl })];
      const generator = loadGenerator();
      try {
        await generator.ready();
        const [embedded, shared] = await Promise.all(
          servers.map(async ({ url }) => ({ url, headers: { cookie: await signIn(url) } })),
        );
        const figures = await mediansOf(
          {
            embedded: load(generator, embedded!, reads([SESSION_PATH])),
            redis: load(generator, shared!, reads([SESSION_PATH])),
          },
          PLAN,
        );
        const peer = { name: 'the same, embedded', rate: figures.embedded };
        return rateRow('GET /auth/me with a session cookie, speed layer in Redis', figures.redis, peer, 0.5);
      } finally {
        generator.close();
        for (const server of servers) await server.process.stop();
      }
    }),
  );
}

/** Two generators, two servers, PostgreSQL and Redis. With fewer processors a second server has none to itself. */
const PROCESSES = 6;
/** Of a processor, for each server then: what is left is enough for all that they share. */
const SHARE = 0.2;

async function processesRow(redisUrl: string): Promise<Row> {
  const processors = availableParallelism();
  const work = `appends of 20 connections to two processes on PostgreSQL and Redis, ${processors} processors`;
  if (!(await postgresAnswers())) return leftOut(work, 'no PostgreSQL answers');
  const database = await createDatabase();
  try {
    return await withFolder((folder) => twoProcesses(work, folder, { DATABASE_URL: database, REDIS_URL: redisUrl }));
  } finally {
    await dropDatabase(database);
  }
}

async function twoProcesses(work: string, folder: string, settings: Readonly<Record<string, string>>): Promise<Row> {
  const servers: RunningTavernkeep[] = [];
  // Each has half of the connections, also where both go to one process.
  const generators = [loadGenerator(), loadGenerator()];
  try {
    for (let n = 0; n < 2; n += 1) servers.push(await startTavernkeep(folder, undefined, settings));
    for (const generator of generators) await generator.ready();
    const held = availableParallelism() < PROCESSES && servers.every(({ process }) => confined(process.pid, SHARE));
    const [first, second] = servers.map(({ url }) => url) as [string, string];
    const headers = { cookie: await signIn(first) };
    const appending = (urls: readonly [string, string]) => async (seconds: number) => {
      const threads = await startThreads(first, headers.cookie, CONNECTIONS * FRESH_THREADS);
      const halves = [threads.slice(0, threads.length / 2), threads.slice(threads.length / 2)];
      const loads = generators.map((generator, half) => {
        const requests = appendsTo(halves[half]!).slice(0, CONNECTIONS / 2);
        return load(generator, { url: urls[half]!, headers }, requests)(seconds);
      });
      return (await Promise.all(loads)).reduce((sum, figure) => sum + figure, 0);
    };
    const figures = await mediansOf({ one: appending([first, first]), two: appending([first, second]) }, PLAN);
    const measured = held ? `${work}, each held to ${SHARE} of one` : work;
    const row = rateRow(measured, figures.two, { name: 'the same to one process', rate: figures.one }, 1.6);
    if (row.met || held || availableParallelism() >= PROCESSES) return row;
    const { met: _, ...figure } = row;
    return { ...figure, bar: `${row.bar} on ${PROCESSES}` };
  } finally {
    for (const generator of generators) generator.close();
    for (const server of servers) await server.process.stop();
  }
}
