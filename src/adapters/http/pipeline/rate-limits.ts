/** How often one address or one actor may call, and how answers say so (RateLimit headers, draft 11). */
import type { Clock } from '#application/shared/clock.ts';
import { type RateLimitArea, type RateLimiter, rateLimitErrors } from '#application/shared/rate-limiter.ts';

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
    const { limiter, clock, quotas } = this.#deps;
    const limit = { requests: quotas[area], windowMs: WINDOW_SECONDS * 1_000 };
    return limit.requests === 0 || (await limiter.leaves(area, key, limit, clock.now()));
  }

  /** Counts a request and adds what the answer says about it to `headers`. Throws 429 `rate_limited`. */
  async take(area: RateLimitArea, key: string, headers: Record<string, string>): Promise<void> {
    const { limiter, clock, quotas } = this.#deps;
    const requests = quotas[area];
    if (requests === 0) return;
    const decision = await limiter.take(area, key, { requests, windowMs: WINDOW_SECONDS * 1_000 }, clock.now());
    headers['RateLimit-Policy'] = `"burst";q=${requests};w=${WINDOW_SECONDS}`;
    headers.RateLimit = `"burst";r=${decision.remaining};t=${Math.ceil(decision.resetMs / 1_000)}`;
    if (!decision.allowed) {
      throw rateLimitErrors.rateLimited({ retryAfterSeconds: Math.ceil(decision.retryAfterMs / 1_000) });
    }
  }
}
