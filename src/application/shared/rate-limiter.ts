/** How often somebody may call, as a port: sliding windows, by the caller's clock. */
import { refusal } from '#domain/shared/domain-error.ts';

export type RateLimitArea = 'anonymous' | 'actor';

/** `requests` in any `windowMs` milliseconds; both whole numbers over 0, and `requests` some thousands at most. */
export type RateLimit = Readonly<{ requests: number; windowMs: number }>;

/** What a request counts for in the window of one key. */
export type RateCharge = Readonly<{
  area: RateLimitArea;
  key: string;
  limit: RateLimit;
  /** For how many requests it counts: a whole number from 1 to the limit's. */
  cost: number;
}>;

/** What one limit says of a request. */
export type RateDecision = Readonly<{
  /** Whether this limit has room for the request; it is taken only where all have. */
  allowed: boolean;
  /** How many more are allowed at once from now. */
  remaining: number;
  /** Milliseconds until everything is allowed again. */
  resetMs: number;
  /** Milliseconds until this limit has room for the same request; 0 where it has room now. */
  retryAfterMs: number;
}>;

export interface RateLimiter {
  /**
   * Counts a request in all its windows, no two of which are the same; where one has no room for its cost, in none. One
   * atomic step: however many race, no window ever holds more than its limit, and who keeps to a limit is never refused
   * by it. The decisions come in the order of the charges. Time is the caller's; where it goes back, it goes on from
   * there, with nothing given back: no wait is longer than a window, wherever the clock stood. What it holds is
   * bounded: a key that is long unused may be forgotten, and then starts anew.
   */
  take(charges: readonly RateCharge[], now: Date): Promise<readonly RateDecision[]>;
  /** Whether `take` of this charge alone would allow a request now; takes and remembers nothing. */
  leaves(charge: RateCharge, now: Date): Promise<boolean>;
}

export const rateLimitErrors = {
  rateLimited: refusal('limited', 'rate_limited', 'Too many requests. Wait as long as Retry-After says.'),
};
