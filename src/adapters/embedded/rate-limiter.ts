/** The rate limiter of a single process: one leaky bucket for each key. */
import type { LRUCache } from 'lru-cache';
import type { RateDecision, RateLimit, RateLimitArea, RateLimiter } from '#application/shared/rate-limiter.ts';
import { leastRecentlyUsed } from './lru.ts';

/** The number of buckets over all areas, about 200 bytes each. */
const MAX_ENTRIES = 50_000;

/**
 * A leaky bucket used as a meter. A request adds `windowMs` to the level, each millisecond drains `requests`, and the
 * capacity is `requests * windowMs`: in these units all numbers are whole, and no rounding error accumulates.
 */
type Bucket = { level: number; atMs: number };

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
    const bucket = this.#bucket(`${area}:${key}`, now.getTime());
    bucket.level = levelAt(bucket, now, limit);
    bucket.atMs = now.getTime();
    return fill(bucket, limit);
  }

  async leaves(area: RateLimitArea, key: string, limit: RateLimit, now: Date): Promise<boolean> {
    const bucket = this.#buckets.peek(`${area}:${key}`);
    return bucket === undefined || hasRoom(levelAt(bucket, now, limit), limit);
  }

  #bucket(key: string, nowMs: number): Bucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = { level: 0, atMs: nowMs };
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}

/** A bucket that lies ahead of now, because the clock was, starts at now, as full as it is. */
function levelAt({ level, atMs }: Bucket, now: Date, { requests }: RateLimit): number {
  return Math.max(0, level - Math.max(0, now.getTime() - atMs) * requests);
}

function hasRoom(level: number, { requests, windowMs }: RateLimit): boolean {
  return requests * windowMs - level >= windowMs;
}

/** Adds one request if it fits, and reports the bucket's state. */
function fill(bucket: Bucket, { requests, windowMs }: RateLimit): RateDecision {
  const room = requests * windowMs - bucket.level;
  const allowed = hasRoom(bucket.level, { requests, windowMs });
  if (allowed) bucket.level += windowMs;
  return {
    allowed,
    remaining: Math.max(0, Math.floor((requests * windowMs - bucket.level) / windowMs)),
    resetMs: Math.ceil(bucket.level / requests),
    retryAfterMs: allowed ? 0 : Math.ceil((windowMs - room) / requests),
  };
}
