/** How failures to sign in slow down whoever tries next: some are free, then each doubles the wait. */

/** Failures that are counted together: those of one account, or of one address. */
export type Failures = Readonly<{ count: number; lastAt: Date }>;

/** How many failures cost nothing. */
export const FREE_FAILURES = { account: 5, address: 20 } as const;

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15 * 60_000;
/** A count is forgotten when nothing failed for so long. */
export const FAILURES_KEPT_MS = 24 * 60 * 60_000;

/** How long after `now` the next attempt must wait, in milliseconds; 0 where it may go ahead. */
export function delayMs(failures: Failures | undefined, free: number, now: Date): number {
  if (failures === undefined || failures.count < free) return 0;
  const whole = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures.count - free));
  return Math.max(0, failures.lastAt.getTime() + whole - now.getTime());
}

/** The failures after one more. */
export function failedAgain(failures: Failures | undefined, now: Date): Failures {
  return { count: (failures?.count ?? 0) + 1, lastAt: now };
}

/** The failures without some that turned out to be no attack; undefined where none is left. */
export function forgiven(failures: Failures | undefined, count: number): Failures | undefined {
  return failures === undefined || failures.count <= count ? undefined : { ...failures, count: failures.count - count };
}
