/** An empty Redis for a test: one of the test run's own, or the one that TEST_REDIS_URL names. */
import { RedisConnection } from '#adapters/redis/connection.ts';
import { hasRedisProgram, OwnRedis } from './own-redis.ts';

/** Emptied before each test; asked where there is no program to start one with. */
const DEFAULT_URL = 'redis://127.0.0.1:6379/15';

export type TemporaryRedis = Readonly<{ url: string; connection: RedisConnection; close(): Promise<void> }>;

let answers: Promise<boolean> | undefined;

/** Whether there is one; asked once. */
export function redisAnswers(): Promise<boolean> {
  answers ??= redisUrl().then(isThere);
  return answers;
}

export async function openTemporaryRedis(): Promise<TemporaryRedis> {
  const url = await redisUrl();
  const connection = await connect(url);
  await connection.command('FLUSHDB');
  return { url, connection, close: async () => connection.close() };
}

let given: Promise<string> | undefined;

function redisUrl(): Promise<string> {
  given ??= chosenUrl();
  return given;
}

async function chosenUrl(): Promise<string> {
  const named = process.env.TEST_REDIS_URL;
  if (named !== undefined && named !== '') return named;
  // Its own: no other test run, and no developer, has anything there.
  return hasRedisProgram() ? (await OwnRedis.start()).unref().url : DEFAULT_URL;
}

async function isThere(url: string): Promise<boolean> {
  try {
    (await connect(url)).close();
    return true;
  } catch {
    return false;
  }
}

function connect(url: string): Promise<RedisConnection> {
  return RedisConnection.open({ url, sentinels: [] });
}
