/** Opens the configured speed layer: sessions, cache, rate limits, sign-in delays, copies of windows, events. */
import type { Logger } from 'pino';
import { type CacheUsage, EmbeddedCache } from '#adapters/embedded/cache.ts';
import { EmbeddedContexts } from '#adapters/embedded/contexts.ts';
import { EmbeddedEventBus } from '#adapters/embedded/event-bus.ts';
import { EmbeddedLeases } from '#adapters/embedded/leases.ts';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import type { RedisConnection, RedisState } from '#adapters/redis/connection.ts';
import { SystemClock } from '#adapters/system/clock.ts';
import type { ThreadEvent } from '#application/conversations/thread-events.ts';
import type { AccessChange } from '#application/shared/access/access-change.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Config } from '../config/config.ts';
import type { SpeedLayerChoice } from './speed-choice.ts';
import type { SpeedStores } from './speed-stores.ts';

type SpeedLayerUsage = Readonly<{
  /** How many entries each store has, but the cache. */
  entries: Readonly<Record<string, number>>;
  cache: readonly CacheUsage[];
  /** What copies of windows take, as it is estimated. */
  copiesBytes: number;
  /** What a store has not written yet, and how long the oldest of it has waited. */
  unwritten: Readonly<Record<string, Readonly<{ count: number; lagMs: number }>>>;
}>;

export type SpeedLayer = SpeedStores &
  SpeedLayerChoice &
  Readonly<{
    /** `unused` where one is configured and did not answer at the start; null where none is configured. */
    redisState(): RedisState | 'unused' | null;
    /** Throws if a store in this process cannot be read or written. */
    check(): Promise<void>;
    /** What the stores hold in this process. */
    usage(): SpeedLayerUsage;
    /** Writes what is still buffered, and closes the stores. */
    close(): Promise<void>;
  }>;

type Options = Readonly<{
  config: Config;
  logger: Logger;
  choice: SpeedLayerChoice;
  /** The connection of the stores that are to be in Redis; null where none is. */
  redis: RedisConnection | null;
}>;

/** Throws, with a message for the operator, if the file cannot be opened or is in use. */
export async function openSpeedLayer(options: Options): Promise<SpeedLayer> {
  const { config, choice, redis } = options;
  const clock = new SystemClock();
  const ttlMs = config.CONTEXT_TTL_SECONDS * 1_000;
  const shared = redis === null ? NONE : await openRedisStores({ ...options, redis }, clock, ttlMs);
  const filed = openFiledStores(options);
  const cache = new EmbeddedCache({ clock });
  const rateLimiter = new EmbeddedRateLimiter();
  const contexts = new EmbeddedContexts({ clock, ttlMs });
  const events = new EmbeddedEventBus<ThreadEvent>();
  const accessChanges = new EmbeddedEventBus<AccessChange>();
  const { sessions, signInDelays } = filed;
  const embedded = { sessions, cache, rateLimiter, signInDelays, contexts, events };
  return {
    ...choice,
    ...embedded,
    accessChanges,
    leases: new EmbeddedLeases(),
    ...shared.stores,
    redisState: () => (config.REDIS_URL === undefined ? null : (redis?.state ?? 'unused')),
    usage: () => usageOf(embedded),
    check: async () => sessions.check(),
    close: async () => {
      shared.close();
      filed.close();
    },
  };
}

type EmbeddedStores = Readonly<{
  sessions: EmbeddedSessions;
  cache: EmbeddedCache;
  rateLimiter: EmbeddedRateLimiter;
  signInDelays: EmbeddedSignInDelays;
  contexts: EmbeddedContexts;
  events: EmbeddedEventBus<ThreadEvent>;
}>;

function usageOf({ sessions, cache, rateLimiter, signInDelays, contexts, events }: EmbeddedStores): SpeedLayerUsage {
  return {
    entries: {
      sessions: sessions.size,
      rate_limits: rateLimiter.size,
      sign_in_delays: signInDelays.size,
      contexts: contexts.usage.copies,
      events: events.topics,
    },
    cache: cache.usage(),
    copiesBytes: contexts.usage.bytes,
    unwritten: { sessions: sessions.unwritten, sign_in_delays: signInDelays.unwritten },
  };
}

type FiledStores = Pick<EmbeddedStores, 'sessions' | 'signInDelays'> & Readonly<{ close(): void }>;

/** Those that are written to the file where they are embedded; elsewhere they end with the process. */
function openFiledStores({ config, logger, choice: { kinds } }: Options): FiledStores {
  const { SPEED_DB_PATH: path, SQLITE_SYNCHRONOUS: synchronous } = config;
  const onDamage = (message: string) => logger.warn(message);
  const [inFile, delaysInFile] = [kinds.sessions === 'embedded', kinds.sign_in_delays === 'embedded'];
  const file = inFile || delaysInFile ? new SpeedFile({ path, synchronous, onDamage }) : undefined;
  const sessions = new EmbeddedSessions({ file: (inFile ? file : undefined) ?? new SpeedFile({ synchronous }) });
  const signInDelays = new EmbeddedSignInDelays({ file: delaysInFile ? file : undefined });
  const close = () => {
    signInDelays.flush();
    sessions.close();
    file?.close();
  };
  return { sessions, signInDelays, close };
}

type RedisStores = Readonly<{ stores: Partial<SpeedStores>; close(): void }>;

const NONE: RedisStores = { stores: {}, close: () => {} };

/** The client is loaded only where Redis is used. */
async function openRedisStores(
  { config, choice, redis }: Options & Readonly<{ redis: RedisConnection }>,
  clock: Clock,
  ttlMs: number,
): Promise<RedisStores> {
  const { openRedisStores } = await import('./redis-stores.ts');
  const { Channels } = await import('#adapters/redis/channels.ts');
  const channels = new Channels({ url: config.REDIS_URL ?? '', sentinels: config.REDIS_SENTINELS });
  const stores = await openRedisStores({ redis, channels, clock, choice, ttlMs });
  return { stores, close: () => channels.close() };
}
