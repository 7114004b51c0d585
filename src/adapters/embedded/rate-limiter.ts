/** The rate limiter of a single process: one leaky bucket for each key. */
import type { LRUCache } from 'lru-cache';
import { type Bucket, decide, hasRoom, levelAt } from '#application/shared/leaky-bucket.ts';
import type { RateCharge, RateDecision, RateLimiter } from '#application/shared/rate-limiter.ts';
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

  async take(charges: readonly RateCharge[], now: Date): Promise<readonly RateDecision[]> {
    const outcomes = decide(
      charges,
      charges.map((charge) => this.#level(this.#buckets.get(nameOf(charge)), charge, now)),
    );
    for (const [i, charge] of charges.entries())
      this.#buckets.set(nameOf(charge), { level: outcomes[i]!.level, atMs: now.getTime() });
    return outcomes.map(({ decision }) => decision);
  }

  async leaves(charge: RateCharge, now: Date): Promise<boolean> {
    return hasRoom(this.#level(this.#buckets.peek(nameOf(charge)), charge, now), charge);
  }

  /** How many keys have a bucket. */
  get size(): number {
    return this.#buckets.size;
  }

  #level(bucket: Bucket | undefined, { limit }: RateCharge, now: Date): number {
    return bucket === undefined ? 0 : levelAt(bucket, now.getTime(), limit);
  }
}

function nameOf({ area, key }: RateCharge): string {
  return `${area}:${key}`;
}
