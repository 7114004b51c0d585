/** The rate limiter of a single process: one leaky bucket for each key. */
import type { LRUCache } from 'lru-cache';
import { type Bucket, decide, hasRoom, levelAt } from '#application/shared/leaky-bucket.ts';
import type { RateDecision, RateLimit, RateLimitArea, RateLimiter } from '#application/shared/rate-limiter.ts';
import { leastRecentlyUsed } from './lru.ts';

/** The number of buckets over all areas, about 200 bytes each. */
const MAX_ENTRIES = 50_000;

/**
 * Correct for a single process only: other processes do not see these buckets. When it is full, the least recently used
 * bucket is evicted, and its key starts anew.
 */
export class EmbeddedRateLimiter implements RateLimiter {
  readonly #buckets: LRUCache<string, Bucket>;

  constructor(options: Readonly<{ maxEntries?: number }> = {}) {
    this.#buckets = leastRecentlyUsed(options.maxEntries ?? MAX_ENTRIES);
  }

  async take(area: RateLimitArea, key: string, limit: RateLimit, now: Date): Promise<RateDecision> {
    const [name, nowMs] = [`${area}:${key}`, now.getTime()];
    const bucket = this.#buckets.get(name);
    const { decision, level } = decide(bucket === undefined ? 0 : levelAt(bucket, nowMs, limit), limit);
    this.#buckets.set(name, { level, atMs: nowMs });
    return decision;
  }

  async leaves(area: RateLimitArea, key: string, limit: RateLimit, now: Date): Promise<boolean> {
    const bucket = this.#buckets.peek(`${area}:${key}`);
    return bucket === undefined || hasRoom(levelAt(bucket, now.getTime(), limit), limit);
  }

  /** How many keys have a bucket. */
  get size(): number {
    return this.#buckets.size;
  }
}
