/** Rate limits in the process: a leaky bucket per key, the least used forgotten first. */
import type { LRUCache } from 'lru-cache';
import type { RateDecision, RateLimit, RateLimitArea, RateLimiter } from '#application/shared/rate-limiter.ts';
import { leastRecentlyUsed } from './lru.ts';

/** Buckets held over all areas; about 200 bytes each. */
const MAX_ENTRIES = 50_000;

/**
 * One request fills a bucket by `windowMs`, and a millisecond empties it by `requests`: whole numbers, so nothing is lost in
 * rounding. It holds `requests * windowMs`.
 */
type Bucket = { level: number; atMs: number };

/** Right only where this is the only process: no other knows what was taken here. */
export class EmbeddedRateLimiter implements RateLimiter {
  readonly #buckets: LRUCache<string, Bucket>;

  constructor(options: Readonly<{ kept?: number }> = {}) {
    this.#buckets = leastRecentlyUsed(options.kept ?? MAX_ENTRIES);
  }

  async take(area: RateLimitArea, key: string, limit: RateLimit, now: Date): Promise<RateDecision> {
    const bucket = this.#bucket(`${area}:${key}`, now.getTime());
    const nowMs = Math.max(now.getTime(), bucket.atMs);
    bucket.level = Math.max(0, bucket.level - (nowMs - bucket.atMs) * limit.requests);
    bucket.atMs = nowMs;
    return fill(bucket, limit);
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

/** Adds one request if it fits. */
function fill(bucket: Bucket, { requests, windowMs }: RateLimit): RateDecision {
  const room = requests * windowMs - bucket.level;
  const allowed = room >= windowMs;
  if (allowed) bucket.level += windowMs;
  return {
    allowed,
    remaining: Math.max(0, Math.floor((requests * windowMs - bucket.level) / windowMs)),
    resetMs: Math.ceil(bucket.level / requests),
    retryAfterMs: allowed ? 0 : Math.ceil((windowMs - room) / requests),
  };
}
