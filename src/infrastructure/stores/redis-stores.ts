/** The stores of the speed layer in Redis. Imported only where Redis is used. */
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { RedisCache } from '#adapters/redis/cache.ts';
import type { Channels } from '#adapters/redis/channels.ts';
import type { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisContexts } from '#adapters/redis/contexts.ts';
import { RedisEventBus } from '#adapters/redis/event-bus.ts';
import { keys } from '#adapters/redis/keys.ts';
import { RedisLeases } from '#adapters/redis/leases.ts';
import { RedisRateLimiter } from '#adapters/redis/rate-limiter.ts';
import { RedisSessions } from '#adapters/redis/sessions.ts';
import { RedisSignInDelays } from '#adapters/redis/sign-in-delays.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { SpeedLayerChoice } from './speed-choice.ts';
import type { SpeedStores } from './speed-stores.ts';

type Options = Readonly<{
  redis: RedisConnection;
  /** Where events are listened to, over a connection of their own. */
  channels: Channels;
  clock: Clock;
  choice: SpeedLayerChoice;
  /** How long copies of windows, and events, are held. */
  ttlMs: number;
}>;

/** Those that are to be in Redis. */
export async function openRedisStores({
  redis,
  channels,
  clock,
  choice,
  ttlMs,
}: Options): Promise<Partial<SpeedStores>> {
  const { kinds, shared } = choice;
  return {
    ...(kinds.sessions === 'redis' && { sessions: new RedisSessions({ redis }) }),
    ...(kinds.cache === 'redis' && { cache: await emptyCache({ redis, clock, alone: !shared }) }),
    ...(kinds.rate_limits === 'redis' && { rateLimiter: new RedisRateLimiter({ redis }) }),
    ...(kinds.sign_in_delays === 'redis' && {
      signInDelays: new RedisSignInDelays({ redis, meanwhile: new EmbeddedSignInDelays() }),
    }),
    // What only one process may do matters where there are several.
    ...(shared && { leases: new RedisLeases({ redis }) }),
    ...(kinds.contexts === 'redis' && { contexts: new RedisContexts({ redis, clock, ttlMs }) }),
    ...(kinds.events === 'redis' && {
      events: new RedisEventBus({ redis, channels, ttlMs }),
      accessChanges: new RedisEventBus({ redis, channels, ttlMs, keyOf: keys.accessChanges }),
    }),
  };
}

/** What an earlier run left in it may be older than the records. */
async function emptyCache(deps: ConstructorParameters<typeof RedisCache>[0]): Promise<RedisCache> {
  const cache = new RedisCache(deps);
  await cache.empty();
  return cache;
}
