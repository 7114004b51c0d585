/** How often somebody may call, as a port: a bucket that empties by the caller's clock. */
import { refusal } from '#domain/shared/domain-error.ts';

export type RateLimitArea = 'anonymous' | 'actor';

/** `requests` at once, and as many again in each `windowMs` milliseconds; both whole numbers over 0. */
export type RateLimit = Readonly<{ requests: number; windowMs: number }>;

export type RateDecision = Readonly<{
  allowed: boolean;
  /** How many more are allowed at once from now. */
  remaining: number;
  /** Milliseconds until everything is allowed again. */
  resetMs: number;
  /** Milliseconds until the next one is allowed; 0 where one is allowed now. */
  retryAfterMs: number;
}>;

export interface RateLimiter {
  /**
   * Takes one request out of what `key` may send, or refuses it and takes nothing. One atomic step: however many race,
   * no more than the limit are allowed. Time is the caller's; where it goes back, it goes on from there, with nothing
   * given back: no wait is longer than a window, wherever the clock stood. What it holds is bounded: a key that is long
   * unused may be forgotten, and then starts anew.
   */
  take(area: RateLimitArea, key: string, limit: RateLimit, now: Date): Promise<RateDecision>;
  /** Whether `take` would allow a request now; takes and remembers nothing. */
  leaves(area: RateLimitArea, key: string, limit: RateLimit, now: Date): Promise<boolean>;
}

export const rateLimitErrors = {
  rateLimited: refusal('limited', 'rate_limited', 'Too many requests. Wait as long as Retry-After says.'),
};
