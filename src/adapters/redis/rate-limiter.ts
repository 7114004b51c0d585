/** The rate limiter that several processes share: a sliding window for each key, a list in Redis. */
import type { RateCharge, RateDecision, RateLimiter } from '#application/shared/rate-limiter.ts';
import { blockerRank, decide, UNUSED, type WindowState } from '#application/shared/sliding-window.ts';
import { unlessAway } from './failures.ts';
import { keys } from './keys.ts';
import type { RedisCalls } from './link.ts';
import { readScript } from './scripts.ts';

const takeRequest = readScript('take-request');
/** So much longer than it lasts a window stays: Redis collects what is empty, and decides nothing by its own clock. */
const KEPT_LONGER_MS = 60_000;

/** How many the window holds, when the newest was taken, and when the one that leaves no room; null where none is. */
type Reply = readonly [number, string | null, string | null];

/** While Redis is away everything is let pass: nobody is shut out because a counter is lost. */
export class RedisRateLimiter implements RateLimiter {
  readonly #redis: RedisCalls;

  constructor(deps: Readonly<{ redis: RedisCalls }>) {
    this.#redis = deps.redis;
  }

  async take(charges: readonly RateCharge[], now: Date): Promise<readonly RateDecision[]> {
    const windows = charges.map(({ area, key }) => keys.rateLimit(area, key));
    const values = [now.getTime(), ...charges.flatMap(argumentsOf)].map(String);
    const replies = await unlessAway(this.#redis.run<readonly Reply[]>(takeRequest, windows, values));
    return decide(charges, replies?.map(stateFrom) ?? charges.map(() => UNUSED), now.getTime());
  }

  async leaves(charge: RateCharge, now: Date): Promise<boolean> {
    const words = ['LINDEX', keys.rateLimit(charge.area, charge.key), String(-blockerRank(charge))] as const;
    const blocker = await unlessAway(this.#redis.command<string | null>(...words));
    return blocker == null || Number(blocker) <= now.getTime() - charge.limit.windowMs;
  }
}

function argumentsOf(charge: RateCharge): readonly number[] {
  const { windowMs } = charge.limit;
  return [windowMs, charge.cost, blockerRank(charge), windowMs + KEPT_LONGER_MS];
}

function stateFrom([used, newest, blocker]: Reply): WindowState {
  return { used, newestMs: toNumber(newest), blockerMs: toNumber(blocker) };
}

function toNumber(text: string | null): number | null {
  return text === null ? null : Number(text);
}
