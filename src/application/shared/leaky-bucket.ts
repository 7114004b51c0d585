/** The arithmetic of rate limits, the same on every adapter: a leaky bucket used as a meter. */
import type { RateDecision, RateLimit } from './rate-limiter.ts';

/**
 * A request adds `windowMs` to the level, each millisecond drains `requests`, and the capacity is
 * `requests * windowMs`: in these units all numbers are whole, and no rounding error accumulates.
 */
export type Bucket = Readonly<{ level: number; atMs: number }>;

/** A bucket that lies ahead of `nowMs`, because the clock was, starts there, as full as it is. */
export function levelAt({ level, atMs }: Bucket, nowMs: number, { requests }: RateLimit): number {
  return Math.max(0, level - Math.max(0, nowMs - atMs) * requests);
}

export function hasRoom(level: number, { requests, windowMs }: RateLimit): boolean {
  return requests * windowMs - level >= windowMs;
}

/** What is decided of a request that meets this level, and the level after it. */
export function decide(level: number, limit: RateLimit): Readonly<{ decision: RateDecision; level: number }> {
  const { requests, windowMs } = limit;
  const room = requests * windowMs - level;
  const allowed = hasRoom(level, limit);
  const after = allowed ? level + windowMs : level;
  const decision = {
    allowed,
    remaining: Math.max(0, Math.floor((requests * windowMs - after) / windowMs)),
    resetMs: Math.ceil(after / requests),
    retryAfterMs: allowed ? 0 : Math.ceil((windowMs - room) / requests),
  };
  return { decision, level: after };
}
