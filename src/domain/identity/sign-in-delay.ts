/** Throttles sign-in: after some free failures, each further failure doubles the delay before the next attempt. */

/** The failed attempts for one account or from one address. */
export type Failures = Readonly<{ count: number; lastAt: Date }>;

/** The number of failures without delay. More are free per address, because many users can share one. */
export const FREE_FAILURES = { account: 5, address: 20 } as const;

export const FIRST_DELAY_MS = 1_000;
/**
 * Caps the delay, so that an attacker's failures cannot lock an account for longer than this after the last of them.
 */
export const LONGEST_DELAY_MS = 15 * 60_000;
/** A count is discarded after this time without a failure. */
export const FAILURES_KEPT_MS = 24 * 60 * 60_000;

/** Returns how long the next attempt must wait from `now`, in milliseconds. The first `free` failures cost nothing. */
export function delayMs(failures: Failures | undefined, free: number, now: Date): number {
  if (failures === undefined || failures.count < free) return 0;
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures.count - free));
  return Math.min(delay, Math.max(0, failures.lastAt.getTime() + delay - now.getTime()));
}

/**
 * Returns the failures that count at `now`: none if the last one is a day old; one that lies ahead, because the clock
 * was, counts as one of now.
 */
export function counting(failures: Failures | undefined, now: Date): Failures | undefined {
  if (failures === undefined || now.getTime() - failures.lastAt.getTime() >= FAILURES_KEPT_MS) return undefined;
  return failures.lastAt > now ? { ...failures, lastAt: now } : failures;
}

/** Returns the failures with one more at `now`. */
export function failedAgain(failures: Failures | undefined, now: Date): Failures {
  return { count: (failures?.count ?? 0) + 1, lastAt: now };
}

/** Returns the failures less `count` that turned out to be a user's own mistakes; undefined if none are left. */
export function forgiven(failures: Failures | undefined, count: number): Failures | undefined {
  return failures === undefined || failures.count <= count ? undefined : { ...failures, count: failures.count - count };
}
