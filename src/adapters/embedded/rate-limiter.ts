/** The rate limiter of a single process: a sliding window for each key. */
import type { LRUCache } from 'lru-cache';
import type { RateCharge, RateDecision, RateLimiter } from '#application/shared/rate-limiter.ts';
import { blockerRank, decide, stateOf, TakenTimes } from '#application/shared/sliding-window.ts';
import { leastRecentlyUsed } from './lru.ts';

/** What a key takes without its times, in numbers of 8 bytes. */
const KEY_SIZE = 25;
/** The number of keys over all areas, each with a request; fewer where they have more. About 10 MB. */
const MAX_KEYS = 50_000;

/**
 * Correct for a single process only: other processes do not see these windows. When it is full, the least recently used
 * window is evicted, and its key starts anew.
 */
export class EmbeddedRateLimiter implements RateLimiter {
  readonly #windows: LRUCache<string, TakenTimes>;

  constructor({ maxKeys = MAX_KEYS }: Readonly<{ maxKeys?: number }> = {}) {
    this.#windows = leastRecentlyUsed(maxKeys * (KEY_SIZE + 1), { sizeOf: ({ count }) => KEY_SIZE + count });
  }

  async take(charges: readonly RateCharge[], now: Date): Promise<readonly RateDecision[]> {
    const nowMs = now.getTime();
    const windows = charges.map((charge) => this.#window(charge, nowMs));
    const states = windows.map((taken, i) => stateOf(taken, charges[i] as RateCharge));
    const decisions = decide(charges, states, nowMs);
    const isTaken = decisions.every(({ allowed }) => allowed);
    for (const [i, charge] of charges.entries()) {
      const taken = windows[i] as TakenTimes;
      if (isTaken) taken.add(nowMs, charge.cost);
      // The table asks for the size of what is new to it alone.
      const name = nameOf(charge);
      this.#windows.delete(name);
      this.#windows.set(name, taken);
    }
    return decisions;
  }

  async leaves(charge: RateCharge, now: Date): Promise<boolean> {
    const blockerMs = this.#windows.peek(nameOf(charge))?.fromEnd(blockerRank(charge)) ?? null;
    return blockerMs === null || blockerMs <= now.getTime() - charge.limit.windowMs;
  }

  #window(charge: RateCharge, nowMs: number): TakenTimes {
    const taken = this.#windows.peek(nameOf(charge)) ?? new TakenTimes();
    taken.leave(nowMs, charge.limit);
    return taken;
  }

  /** How many keys have a window. */
  get size(): number {
    return this.#windows.size;
  }
}

function nameOf({ area, key }: RateCharge): string {
  return `${area}:${key}`;
}
