/** How often one address or one actor may call, and how answers say so (RateLimit headers, draft 11). */
import type { Clock } from '#application/shared/clock.ts';
import {
  type RateCharge,
  type RateDecision,
  type RateLimitArea,
  type RateLimiter,
  rateLimitErrors,
} from '#application/shared/rate-limiter.ts';

const WINDOW_SECONDS = 60;

/** Requests per minute; 0 stands for no limit. */
type RequestQuotas = Readonly<Record<RateLimitArea, number>>;

type Deps = Readonly<{ limiter: RateLimiter; clock: Clock; quotas: RequestQuotas }>;

export class RequestRateLimits {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Whether another request would be allowed now; counts nothing. */
  async leaves(area: RateLimitArea, key: string): Promise<boolean> {
    const { limiter, clock } = this.#deps;
    const charge = this.#chargeOf(area, key);
    return charge === undefined || (await limiter.leaves(charge, clock.now()));
  }

  /** Counts a request and adds what the answer says about it to `headers`. Throws 429 `rate_limited`. */
  async take(area: RateLimitArea, key: string, headers: Record<string, string>): Promise<void> {
    const { limiter, clock } = this.#deps;
    const charge = this.#chargeOf(area, key);
    if (charge === undefined) return;
    const [decision] = (await limiter.take([charge], clock.now())) as [RateDecision];
    headers['RateLimit-Policy'] = `"burst";q=${charge.limit.requests};w=${WINDOW_SECONDS}`;
    headers.RateLimit = `"burst";r=${decision.remaining};t=${Math.ceil(decision.resetMs / 1_000)}`;
    if (!decision.allowed) {
      throw rateLimitErrors.rateLimited({ retryAfterSeconds: Math.ceil(decision.retryAfterMs / 1_000) });
    }
  }

  /** Undefined where there is no limit. */
  #chargeOf(area: RateLimitArea, key: string): RateCharge | undefined {
    const requests = this.#deps.quotas[area];
    return requests === 0 ? undefined : { area, key, limit: { requests, windowMs: WINDOW_SECONDS * 1_000 }, cost: 1 };
  }
}
