/** What the speed layer consists of, whatever it is made of. */
import type { Contexts } from '#application/conversations/ports.ts';
import type { ThreadEvent } from '#application/conversations/thread-events.ts';
import type { Sessions, SignInDelays } from '#application/identity/ports.ts';
import type { AccessChange } from '#application/shared/access/access-change.ts';
import type { ReadThroughCache } from '#application/shared/cache.ts';
import type { EventBus } from '#application/shared/event-bus.ts';
import type { Leases } from '#application/shared/leases.ts';
import type { RateLimiter } from '#application/shared/rate-limiter.ts';

export type SpeedStores = Readonly<{
  sessions: Sessions;
  cache: ReadThroughCache;
  rateLimiter: RateLimiter;
  signInDelays: SignInDelays;
  contexts: Contexts;
  events: EventBus<ThreadEvent>;
  accessChanges: EventBus<AccessChange>;
  leases: Leases;
}>;
