/** Opens the configured speed layer: sessions, cache, rate limits, sign-in delays, copies of windows, events. */
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { EmbeddedContexts } from '#adapters/embedded/contexts.ts';
import { EmbeddedEventBus } from '#adapters/embedded/event-bus.ts';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { SystemClock } from '#adapters/system/clock.ts';
import type { Contexts } from '#application/conversations/ports.ts';
import type { ThreadEvent } from '#application/conversations/thread-events.ts';
import type { Sessions, SignInDelays } from '#application/identity/ports.ts';
import type { ReadThroughCache } from '#application/shared/cache.ts';
import type { EventBus } from '#application/shared/event-bus.ts';
import type { RateLimiter } from '#application/shared/rate-limiter.ts';
import type { Config } from '../config/config.ts';
import { databaseOf } from '../config/database-setting.ts';

type SpeedStores = Readonly<{
  sessions: Sessions;
  cache: ReadThroughCache;
  rateLimiter: RateLimiter;
  signInDelays: SignInDelays;
  contexts: Contexts;
  events: EventBus<ThreadEvent>;
}>;

/** The technology of each store of the speed layer. */
type SpeedLayerKinds = Readonly<
  Record<'sessions' | 'cache' | 'rate_limits' | 'sign_in_delays' | 'contexts' | 'events', 'embedded' | 'memory'>
>;

export type SpeedLayerChoice = Readonly<{
  kinds: SpeedLayerKinds;
  /** Whether several servers can share the speed layer. If not, the record stores are locked for one server. */
  shared: boolean;
}>;

export type SpeedLayer = SpeedStores &
  SpeedLayerChoice &
  Readonly<{
    /** Throws if a store does not answer, or cannot be written. */
    check(): Promise<void>;
    /** Writes what is still buffered, and closes the stores. */
    close(): Promise<void>;
  }>;

/** Sessions are in a file unless `SESSION_STORE` is `memory` or, without that setting, the records are in memory. */
export function chooseSpeedLayer(config: Config): SpeedLayerChoice {
  const kind = databaseOf(config).kind === 'memory' ? 'memory' : 'embedded';
  const sessions = config.SESSION_STORE ?? kind;
  return {
    kinds: { sessions, cache: kind, rate_limits: kind, sign_in_delays: kind, contexts: kind, events: kind },
    shared: false,
  };
}

/** Throws, with a message for the operator, if the sessions' file cannot be opened or is in use. */
export function openSpeedLayer(config: Config): SpeedLayer {
  const choice = chooseSpeedLayer(config);
  const clock = new SystemClock();
  const path = choice.kinds.sessions === 'memory' ? undefined : config.SPEED_DB_PATH;
  const sessions = new EmbeddedSessions({ path, synchronous: config.SQLITE_SYNCHRONOUS });
  return {
    ...choice,
    sessions,
    cache: new EmbeddedCache({ clock }),
    rateLimiter: new EmbeddedRateLimiter(),
    signInDelays: new EmbeddedSignInDelays(),
    contexts: new EmbeddedContexts({ clock, ttlMs: config.CONTEXT_TTL_SECONDS * 1_000 }),
    events: new EmbeddedEventBus(),
    check: async () => sessions.check(),
    close: async () => sessions.close(),
  };
}
