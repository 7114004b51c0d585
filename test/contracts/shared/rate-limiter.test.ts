/** What every rate limiter promises. */
import { expect } from 'chai';
import fc from 'fast-check';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import { RedisRateLimiter } from '#adapters/redis/rate-limiter.ts';
import type { RateLimit, RateLimiter } from '#application/shared/rate-limiter.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { at } from '../../support/builders/records.ts';
import { openTemporaryRedis } from '../../support/servers/temporary-redis.ts';

const PLAN: Plan = {
  memory: { skip: 'the embedded limiter needs no file' },
  sqlite: { skip: 'limits live in the speed layer' },
  embedded: 'run',
  postgres: { skip: 'limits live in the speed layer' },
  redis: 'run',
};

/** `isFull` once it holds so many keys that it forgets some; Redis has room for as many as there are in a window. */
type Harness = Readonly<{ limiter: RateLimiter; isFull: number }>;

const openers: Openers<Harness> = {
  embedded: async () => ({
    harness: { limiter: new EmbeddedRateLimiter({ maxEntries: 100 }), isFull: 100 },
    close: async () => {},
  }),
  redis: async () => {
    const { connection, close } = await openTemporaryRedis();
    return {
      harness: { limiter: new RedisRateLimiter({ redis: connection }), isFull: Number.POSITIVE_INFINITY },
      close,
    };
  },
};

const YEAR_SECONDS = 365 * 86_400;
const limit: RateLimit = { requests: 6, windowMs: 60_000 };

contract('RateLimiter', PLAN, openers, (harness) => {
  const limiter = () => harness().limiter;
  const take = (key: string, seconds: number) => limiter().take('actor', key, limit, at(seconds));

  it('allows as many requests as the limit, counts them down, and then returns how long to wait', async () => {
    const remaining: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const decision = await take('a', 0);
      expect(decision).to.include({ allowed: true, retryAfterMs: 0, resetMs: (n + 1) * 10_000 });
      remaining.push(decision.remaining);
    }
    expect(remaining).to.deep.equal([5, 4, 3, 2, 1, 0]);
    const refused = { allowed: false, remaining: 0, resetMs: 60_000, retryAfterMs: 10_000 };
    expect(await take('a', 0)).to.deep.equal(refused);
    expect(await take('a', 4)).to.deep.equal({ ...refused, resetMs: 56_000, retryAfterMs: 6_000 });
  });

  it('allows the next request when the wait has ended, and not a millisecond before', async () => {
    for (let n = 0; n < 6; n += 1) await take('a', 0);
    expect(await take('a', 9.999)).to.include({ allowed: false, retryAfterMs: 1 });
    expect((await take('a', 10)).allowed).to.equal(true);
    expect((await take('a', 10)).allowed).to.equal(false);
  });

  it('does not count the requests that it refuses', async () => {
    for (let n = 0; n < 100; n += 1) await take('a', 0);
    expect((await take('a', 10)).allowed).to.equal(true);
  });

  it('says whether it would allow another request, and counts nothing by saying so', async () => {
    const leaves = (seconds: number) => limiter().leaves('actor', 'a', limit, at(seconds));
    expect(await leaves(0)).to.equal(true);
    for (let n = 0; n < 5; n += 1) await take('a', 0);
    for (let n = 0; n < 3; n += 1) expect(await leaves(0)).to.equal(true);
    expect((await take('a', 0)).allowed).to.equal(true);
    expect(await leaves(0)).to.equal(false);
    expect(await leaves(9.999)).to.equal(false);
    expect(await leaves(10)).to.equal(true);
    expect(await limiter().leaves('anonymous', 'a', limit, at(0))).to.equal(true);
    expect((await take('a', 0)).allowed).to.equal(false);
  });

  it('counts each key and each area separately', async () => {
    for (let n = 0; n < 6; n += 1) await take('a', 0);
    expect((await take('b', 0)).remaining).to.equal(5);
    expect((await limiter().take('anonymous', 'a', limit, at(0))).remaining).to.equal(5);
  });

  it('frees nothing when the clock goes back by a year, and shuts nobody out for longer than the limit says', async () => {
    for (let n = 0; n < 6; n += 1) await take('a', YEAR_SECONDS);
    expect(await take('a', 0)).to.include({ allowed: false, retryAfterMs: 10_000, resetMs: 60_000 });
    expect(await take('a', 9.999)).to.include({ allowed: false, retryAfterMs: 1 });
    expect((await take('a', 10)).allowed).to.equal(true);
    expect((await take('a', 69.999)).remaining).to.equal(4);
  });

  it('allows exactly the limit of concurrent requests', async () => {
    const decisions = await Promise.all(Array.from({ length: 50 }, () => take('a', 0)));
    expect(decisions.filter(({ allowed }) => allowed)).to.have.length(6);
  });

  it('decides like an exact counter, for any limit and any timing of calls', async () => {
    const limits = fc.record({
      requests: fc.integer({ min: 1, max: 50 }),
      windowMs: fc.integer({ min: 1, max: 90_000 }),
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        limits,
        fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 120 }),
        async (any, pauses) => {
          runs += 1;
          const [key, counter] = [`run ${runs}`, new ExactCounter(any)];
          let ms = 0;
          for (const pause of pauses) {
            ms += pause;
            const { allowed, remaining } = await limiter().take('actor', key, any, new Date(ms));
            expect([allowed, remaining]).to.deep.equal(counter.take(BigInt(ms)));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('forgets the keys unused for longest once it holds too many', async function () {
    if (harness().isFull > 200) this.skip();
    for (let n = 0; n < 6; n += 1) await take('a', 0);
    for (let n = 0; n < 200; n += 1) await take(`key ${n}`, 0);
    expect((await take('a', 0)).remaining).to.equal(5);
  });
});

/** Whole requests that are free, in fractions of a window: everything is recounted from all that was ever allowed. */
class ExactCounter {
  readonly #requests: bigint;
  readonly #windowMs: bigint;
  readonly #allowedAt: bigint[] = [];

  constructor(limit: RateLimit) {
    this.#requests = BigInt(limit.requests);
    this.#windowMs = BigInt(limit.windowMs);
  }

  /** Whether one is allowed, and how many are free afterwards. */
  take(now: bigint): [boolean, number] {
    const allowed = this.#free(now) >= this.#windowMs;
    if (allowed) this.#allowedAt.push(now);
    return [allowed, Number(this.#free(now) / this.#windowMs)];
  }

  /** In units of which `windowMs` are one request. */
  #free(now: bigint): bigint {
    const full = this.#requests * this.#windowMs;
    let [free, at] = [full, 0n];
    for (const taken of this.#allowedAt) {
      free = min(full, free + (taken - at) * this.#requests) - this.#windowMs;
      at = taken;
    }
    return min(full, free + (now - at) * this.#requests);
  }
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
