/** The arithmetic of rate limits, the same on every adapter: an exact log of what was taken within the last window. */
import type { RateCharge, RateDecision, RateLimit } from './rate-limiter.ts';

type Charge = Pick<RateCharge, 'limit' | 'cost'>;

/**
 * When the requests of a key were taken, in milliseconds, the oldest first; one that counts for several stands there as
 * often. It is never longer than the limit.
 */
export type TakenTimes = readonly number[];

/** What a window says of a request, before that is decided. */
export type WindowState = Readonly<{
  /** For how many requests those in the window count. */
  used: number;
  /** When the newest of them was taken; null where there is none. */
  newestMs: number | null;
  /** When the newest of those was taken that must leave before the request has room; null where it has room now. */
  blockerMs: number | null;
}>;

export const UNUSED: WindowState = { used: 0, newestMs: null, blockerMs: null };

/**
 * What a window that ends now holds. Times that lie ahead, because the clock did, count as now: nothing is given back,
 * and nobody waits longer than a window.
 */
export function withinWindow(taken: TakenTimes, nowMs: number, { windowMs }: RateLimit): TakenTimes {
  const oldest = taken.findIndex((ms) => ms > nowMs - windowMs);
  if (oldest === -1) return [];
  const held = oldest === 0 ? taken : taken.slice(oldest);
  return (held.at(-1) as number) > nowMs ? held.map((ms) => Math.min(ms, nowMs)) : held;
}

export function stateOf(held: TakenTimes, charge: Charge): WindowState {
  return { used: held.length, newestMs: held.at(-1) ?? null, blockerMs: held.at(-blockerRank(charge)) ?? null };
}

/**
 * A request has room where the window holds fewer than so many; otherwise the one of this rank from the end blocks it.
 */
export function blockerRank({ limit, cost }: Charge): number {
  return limit.requests - cost + 1;
}

/**
 * What is decided of a request that meets these windows, one for each of its charges: it is taken where all have room.
 */
export function decide(
  charges: readonly Charge[],
  states: readonly WindowState[],
  nowMs: number,
): readonly RateDecision[] {
  const isTaken = states.every(({ blockerMs }) => blockerMs === null);
  return charges.map(({ limit: { requests, windowMs }, cost }, i) => {
    const { used, newestMs, blockerMs } = states[i] as WindowState;
    const leavesInMs = (takenMs: number | null) => (takenMs === null ? 0 : takenMs + windowMs - nowMs);
    return {
      allowed: blockerMs === null,
      remaining: Math.max(0, requests - used - (isTaken ? cost : 0)),
      resetMs: leavesInMs(isTaken ? nowMs : newestMs),
      retryAfterMs: leavesInMs(blockerMs),
    };
  });
}
