/** The arithmetic of rate limits, the same on every adapter: an exact log of what was taken within the last window. */
import type { RateCharge, RateDecision, RateLimit } from './rate-limiter.ts';

type Charge = Pick<RateCharge, 'limit' | 'cost'>;

/**
 * When the requests of a key were taken that are within the last window, in milliseconds, the oldest first; one that
 * counts for several stands there as often. It is never longer than the limit. Each time is added and removed once, so
 * that a step costs the same however many there are.
 */
export class TakenTimes {
  readonly #times: number[] = [];
  /** The index of the oldest time that is within the window. */
  #oldest = 0;

  get count(): number {
    return this.#times.length - this.#oldest;
  }

  /** The time of this rank from the end, where the newest has rank 1; null where there are fewer. */
  fromEnd(rank: number): number | null {
    return rank > 0 && rank <= this.count ? (this.#times[this.#times.length - rank] as number) : null;
  }

  /**
   * Removes what has left a window that ends now. Times that lie ahead, because the clock did, count as now: nothing is
   * given back, and nobody waits longer than a window.
   */
  leave(nowMs: number, { windowMs }: RateLimit): void {
    const times = this.#times;
    while (this.count > 0 && (times[this.#oldest] as number) <= nowMs - windowMs) this.#oldest += 1;
    for (let i = times.length - 1; i >= this.#oldest && (times[i] as number) > nowMs; i -= 1) times[i] = nowMs;
    if (this.#oldest * 2 <= times.length) return;
    times.splice(0, this.#oldest);
    this.#oldest = 0;
  }

  add(nowMs: number, cost: number): void {
    for (let i = 0; i < cost; i += 1) this.#times.push(nowMs);
  }
}

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

export function stateOf(taken: TakenTimes, charge: Charge): WindowState {
  return { used: taken.count, newestMs: taken.fromEnd(1), blockerMs: taken.fromEnd(blockerRank(charge)) };
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
