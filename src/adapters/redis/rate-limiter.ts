/** The rate limiter that several processes share: one leaky bucket for each key, a hash in Redis. */
import { decide, hasRoom, levelAt } from '#application/shared/leaky-bucket.ts';
import type { RateDecision, RateLimit, RateLimitArea, RateLimiter } from '#application/shared/rate-limiter.ts';
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

  async take(area: RateLimitArea, key: string, limit: RateLimit, now: Date): Promise<RateDecision> {
    const { requests, windowMs } = limit;
    const values = [now.getTime(), requests, windowMs, windowMs + KEPT_LONGER_MS].map(String);
    const met = await unlessAway(this.#redis.run<string>(takeRequest, [keys.rateLimit(area, key)], values));
    return decide(Number(met ?? 0), limit).decision;
  }

  async leaves(area: RateLimitArea, key: string, limit: RateLimit, now: Date): Promise<boolean> {
    const words = ['HMGET', keys.rateLimit(area, key), 'level', 'at'] as const;
    const bucket = await unlessAway(this.#redis.command<readonly (string | null)[]>(...words));
    const [level, at] = bucket ?? [];
    if (level == null || at == null) return true;
    return hasRoom(levelAt({ level: Number(level), atMs: Number(at) }, now.getTime(), limit), limit);
  }
}
