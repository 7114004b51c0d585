/** The arithmetic of rate limits, the same on every adapter: a leaky bucket used as a meter. */
import type { RateCharge, RateDecision, RateLimit } from './rate-limiter.ts';

/**
 * A request adds `cost * windowMs` to the level, each millisecond drains `requests`, and the capacity is
 * `requests * windowMs`: in these units all numbers are whole, and no rounding error accumulates.
 */
export type Bucket = Readonly<{ level: number; atMs: number }>;

type Charge = Pick<RateCharge, 'limit' | 'cost'>;
type Outcome = Readonly<{ decision: RateDecision; level: number }>;

/** A bucket that lies ahead of `nowMs`, because the clock was, starts there, as full as it is. */
export function levelAt({ level, atMs }: Bucket, nowMs: number, { requests }: RateLimit): number {
  return Math.max(0, level - Math.max(0, nowMs - atMs) * requests);
}

export function hasRoom(level: number, { limit: { requests, windowMs }, cost }: Charge): boolean {
  return level + cost * windowMs <= requests * windowMs;
}

/**
 * What is decided of a request that meets these levels, one for each of its charges, and the levels after it: each
 * risen by its charge, or all as they were where one of them has no room.
 */
export function decide(charges: readonly Charge[], levels: readonly number[]): readonly Outcome[] {
  const taken = charges.every((charge, i) => hasRoom(levels[i] as number, charge));
  return charges.map((charge, i) => outcome(charge, levels[i] as number, taken));
}

function outcome(charge: Charge, met: number, taken: boolean): Outcome {
  const { limit, cost } = charge;
  const { requests, windowMs } = limit;
  const level = taken ? met + cost * windowMs : met;
  const decision = {
    allowed: hasRoom(met, charge),
    remaining: Math.max(0, Math.floor((requests * windowMs - level) / windowMs)),
    resetMs: Math.ceil(level / requests),
    retryAfterMs: Math.max(0, Math.ceil((met + cost * windowMs - requests * windowMs) / requests)),
  };
  return { decision, level };
}
