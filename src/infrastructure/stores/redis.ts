/** Connects to the configured Redis, and decides what happens where it does not answer. */
import type { Logger } from 'pino';
import type { RedisConnection, RedisObserver } from '#adapters/redis/connection.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { wantsRedis } from './speed-choice.ts';

/**
 * The connection; null where no store needs one, and, but in production, where Redis does not answer: then the server
 * does without until its next start. Throws, with a message for the operator that tells no password, in production.
 */
export async function connectRedis(
  config: Config,
  logger: Logger,
  observer: RedisObserver = {},
): Promise<RedisConnection | null> {
  const { REDIS_URL: url, REDIS_SENTINELS: sentinels, NODE_ENV } = config;
  if (url === undefined || !wantsRedis(config)) return null;
  // Loaded only where it is configured.
  const { RedisConnection } = await import('#adapters/redis/connection.ts');
  try {
    const connection = await RedisConnection.open({ url, sentinels }, telling(logger, observer));
    await warnOfEviction(connection, logger);
    return connection;
  } catch (error) {
    const why = `REDIS_URL is set, but Redis cannot be used: ${reasonOf(error)}`;
    if (NODE_ENV === 'production') throw new Error(why);
    logger.warn(`${why} Until the next start this server does without it, alone.`);
    return null;
  }
}

/** For commands, while no server runs. Throws, with a message for the operator, where Redis cannot be cleared. */
export async function clearRedis({ REDIS_URL: url, REDIS_SENTINELS: sentinels }: Config): Promise<void> {
  if (url === undefined) return;
  const { RedisConnection } = await import('#adapters/redis/connection.ts');
  const { clear } = await import('#adapters/redis/clear.ts');
  let connection: RedisConnection | undefined;
  try {
    connection = await RedisConnection.open({ url, sentinels });
    await clear(connection);
  } catch (error) {
    throw new ConfigError([`REDIS_URL: Redis must be cleared, and cannot be used: ${reasonOf(error)}`]);
  } finally {
    connection?.close();
  }
}

/** Beside what it observes already. */
function telling(logger: Logger, observer: RedisObserver): RedisObserver {
  return {
    ...observer,
    changed: (state) => {
      if (state === 'away') logger.warn('Redis is away');
      else logger.info('Redis is back');
      observer.changed?.(state);
    },
  };
}

/** By the code of Node, or the first word of what Redis answers. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Start Redis, or correct host and port.',
  ENOENT: 'there is no such socket. Start Redis, or correct the path.',
  ENOTFOUND: 'there is no such host. Correct its name.',
  EAI_AGAIN: 'the name of the host cannot be looked up right now.',
  WRONGPASS: 'it refuses user or password. Correct them.',
  NOAUTH: 'it wants a password. Add it to the URL.',
  NOPERM: 'the user may not do enough. Allow them all commands on all keys.',
  LOADING: 'it is loading its data. Try again in a moment.',
  MASTERDOWN: 'it is a replica without its master.',
  LateError: 'it does not answer in time. Look whether it is running and can be reached from here.',
};

function reasonOf(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  const known = [code, name, message.split(' ', 1)[0]].find((word) => word !== undefined && word in REASONS);
  return known === undefined ? `${message.replace(/\.$/, '')}.` : `${REASONS[known]} (${known})`;
}

/** All keys have a time to live: every policy but one may evict a session that is alive. */
async function warnOfEviction(connection: RedisConnection, logger: Logger): Promise<void> {
  const memory = await connection.command<string>('INFO', 'memory').catch(() => '');
  const [, limit] = /^maxmemory:(\d+)/m.exec(memory) ?? [];
  const [, policy] = /^maxmemory_policy:(\S+)/m.exec(memory) ?? [];
  if (policy === undefined || policy === 'noeviction' || limit === '0') return;
  logger.warn({ policy }, 'Redis may evict sessions that are alive: set its maxmemory-policy to noeviction');
}
