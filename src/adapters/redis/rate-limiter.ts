/** The rate limiter that several processes share: one leaky bucket for each key, a hash in Redis. */
import { decide, hasRoom, levelAt } from '#application/shared/leaky-bucket.ts';
import type { RateCharge, RateDecision, RateLimiter } from '#application/shared/rate-limiter.ts';
import { unlessAway } from './failures.ts';
import { keys } from './keys.ts';
import type { RedisCalls } from './link.ts';
import { readScript } from './scripts.ts';

const takeRequest = readScript('take-request');
/**
 * So much longer than its window a bucket stays: Redis collects what is empty, and decides nothing by its own clock.
 */
const KEPT_LONGER_MS = 60_000;

/** While Redis is away everything is let pass: nobody is shut out because a counter is lost. */
export class RedisRateLimiter implements RateLimiter {
  readonly #redis: RedisCalls;

  constructor(deps: Readonly<{ redis: RedisCalls }>) {
    this.#redis = deps.redis;
  }

  async take(charges: readonly RateCharge[], now: Date): Promise<readonly RateDecision[]> {
    const buckets = charges.map(({ area, key }) => keys.rateLimit(area, key));
    const values = [now.getTime(), ...charges.flatMap(argumentsOf)].map(String);
    const met = await unlessAway(this.#redis.run<readonly string[]>(takeRequest, buckets, values));
    const levels = charges.map((_, i) => Number(met?.[i] ?? 0));
    return decide(charges, levels).map(({ decision }) => decision);
  }

  async leaves(charge: RateCharge, now: Date): Promise<boolean> {
    const words = ['HMGET', keys.rateLimit(charge.area, charge.key), 'level', 'at'] as const;
    const bucket = await unlessAway(this.#redis.command<readonly (string | null)[]>(...words));
    const [level, at] = bucket ?? [];
    if (level == null || at == null) return true;
    return hasRoom(levelAt({ level: Number(level), atMs: Number(at) }, now.getTime(), charge.limit), charge);
  }
}

function argumentsOf({ limit: { requests, windowMs }, cost }: RateCharge): readonly number[] {
  return [requests, windowMs, cost, windowMs + KEPT_LONGER_MS];
}
