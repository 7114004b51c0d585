/** What every rate limiter promises. */
import { expect } from 'chai';
import fc from 'fast-check';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import { RedisRateLimiter } from '#adapters/redis/rate-limiter.ts';
import type { RateCharge, RateDecision, RateLimit, RateLimiter } from '#application/shared/rate-limiter.ts';
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
    harness: { limiter: new EmbeddedRateLimiter({ maxKeys: 100 }), isFull: 100 },
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
const charge: RateCharge = { area: 'actor', key: 'a', limit, cost: 1 };

contract('RateLimiter', PLAN, openers, (harness) => {
  const limiter = () => harness().limiter;
  const take = async (key: string, seconds: number): Promise<RateDecision> =>
    (await limiter().take([{ ...charge, key }], at(seconds)))[0]!;

  it('allows as many requests as the limit, counts them down, and then returns how long to wait', async () => {
    const remaining: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const decision = await take('a', n);
      expect(decision).to.include({ allowed: true, retryAfterMs: 0, resetMs: 60_000 });
      remaining.push(decision.remaining);
    }
    expect(remaining).to.deep.equal([5, 4, 3, 2, 1, 0]);
    const refused = { allowed: false, remaining: 0, resetMs: 60_000, retryAfterMs: 55_000 };
    expect(await take('a', 5)).to.deep.equal(refused);
    expect(await take('a', 50)).to.deep.equal({ ...refused, resetMs: 15_000, retryAfterMs: 10_000 });
  });

  it('allows the next request when the first has left the window, and not a millisecond before', async () => {
    for (let n = 0; n < 6; n += 1) await take('a', n);
    expect(await take('a', 59.999)).to.include({ allowed: false, retryAfterMs: 1 });
    expect(await take('a', 60)).to.include({ allowed: true, remaining: 0 });
    expect(await take('a', 60)).to.include({ allowed: false, retryAfterMs: 1_000 });
    expect(await take('a', 63)).to.include({ allowed: true, remaining: 2 });
  });

  it('does not count the requests that it refuses', async () => {
    for (let n = 0; n < 100; n += 1) await take('a', n / 2);
    expect(await take('a', 60)).to.include({ allowed: true, remaining: 0 });
  });

  it('says whether it would allow another request, and counts nothing by saying so', async () => {
    const leaves = (seconds: number) => limiter().leaves(charge, at(seconds));
    expect(await leaves(0)).to.equal(true);
    for (let n = 0; n < 5; n += 1) await take('a', 0);
    for (let n = 0; n < 3; n += 1) expect(await leaves(0)).to.equal(true);
    expect((await take('a', 0)).allowed).to.equal(true);
    expect(await leaves(0)).to.equal(false);
    expect(await leaves(59.999)).to.equal(false);
    expect(await leaves(60)).to.equal(true);
    expect(await limiter().leaves({ ...charge, area: 'anonymous' }, at(0))).to.equal(true);
    expect((await take('a', 0)).allowed).to.equal(false);
  });

  it('counts each key and each area separately', async () => {
    for (let n = 0; n < 6; n += 1) await take('a', 0);
    expect((await take('b', 0)).remaining).to.equal(5);
    expect((await limiter().take([{ ...charge, area: 'anonymous' }], at(0)))[0]).to.include({ remaining: 5 });
  });

  it('frees nothing when the clock goes back by a year, and shuts nobody out for longer than the limit says', async () => {
    for (let n = 0; n < 3; n += 1) await take('a', 0);
    for (let n = 0; n < 3; n += 1) await take('a', YEAR_SECONDS + n);
    expect((await take('a', YEAR_SECONDS + 3)).remaining).to.equal(2);
    for (let n = 0; n < 2; n += 1) await take('a', YEAR_SECONDS + 4);
    expect(await take('a', 10)).to.include({ allowed: false, retryAfterMs: 60_000, resetMs: 60_000 });
    expect(await take('a', 69.999)).to.include({ allowed: false, retryAfterMs: 1 });
    expect(await take('a', 70)).to.include({ allowed: true, remaining: 5 });
  });

  it('allows exactly the limit of concurrent requests', async () => {
    const decisions = await Promise.all(Array.from({ length: 50 }, () => take('a', 0)));
    expect(decisions.filter(({ allowed }) => allowed)).to.have.length(6);
  });

  describe('of a request with several limits', () => {
    const own = charge;
    const shared: RateCharge = { area: 'anonymous', key: 'all', limit: { requests: 10, windowMs: 10_000 }, cost: 3 };
    const both = (key: string, seconds: number) => limiter().take([{ ...own, key }, shared], at(seconds));
    const left = async (one: RateCharge, seconds: number) => (await limiter().take([one], at(seconds)))[0]?.remaining;

    it('counts its cost in each, and says of each what is left', async () => {
      expect(await both('a', 0)).to.deep.equal([
        { allowed: true, remaining: 5, resetMs: 60_000, retryAfterMs: 0 },
        { allowed: true, remaining: 7, resetMs: 10_000, retryAfterMs: 0 },
      ]);
      expect((await both('a', 9.999)).map(({ remaining }) => remaining)).to.deep.equal([4, 4]);
      expect((await both('a', 10)).map(({ remaining }) => remaining)).to.deep.equal([3, 4]);
    });

    it('counts nothing in any where one has no room for its cost, and says which and how long it has none', async () => {
      for (let n = 0; n < 3; n += 1) await both('a', n);
      const none = { allowed: false, remaining: 1, resetMs: 9_000, retryAfterMs: 7_000 };
      for (let n = 0; n < 4; n += 1)
        expect(await both('a', 3)).to.deep.equal([
          { allowed: true, remaining: 3, resetMs: 59_000, retryAfterMs: 0 },
          none,
        ]);
      expect((await both('a', 9.999)).map(({ allowed }) => allowed)).to.deep.equal([true, false]);
      expect((await both('a', 10)).map(({ allowed }) => allowed)).to.deep.equal([true, true]);
      expect(await left({ ...shared, cost: 1 }, 10)).to.equal(0);
      // Whichever comes first in order.
      for (let n = 0; n < 6; n += 1) await take('b', 100);
      expect((await both('b', 100)).map(({ allowed }) => allowed)).to.deep.equal([false, true]);
      expect(await left({ ...shared, cost: 1 }, 100)).to.equal(9);
    });

    it('leaves room for a cost only where all of it has room', async () => {
      await limiter().take([{ ...shared, cost: 8 }], at(0));
      const leaves = (cost: number) => limiter().leaves({ ...shared, cost }, at(0));
      expect([await leaves(2), await leaves(3)]).to.deep.equal([true, false]);
    });

    it('allows exactly what all limits allow of concurrent requests, and counts no other', async () => {
      const raced = await Promise.all(Array.from({ length: 50 }, (_, i) => both(i % 2 === 0 ? 'a' : 'b', 0)));
      const allowed = raced.map((decisions) => decisions.every((decision) => decision.allowed));
      expect(allowed.filter(Boolean)).to.have.length(3);
      const ofA = allowed.filter((one, i) => one && i % 2 === 0).length;
      expect([await left(own, 0), await left({ ...own, key: 'b' }, 0)]).to.deep.equal([5 - ofA, 2 + ofA]);
    });

    it('shuts nobody out for longer than the longest window after its clock was a year ahead', async () => {
      for (let n = 0; n < 3; n += 1) await both('a', YEAR_SECONDS);
      expect((await both('a', 0)).map(({ retryAfterMs }) => retryAfterMs)).to.deep.equal([0, 10_000]);
      expect((await both('a', 10)).map(({ allowed }) => allowed)).to.deep.equal([true, true]);
    });
  });

  it('never refuses a steady caller, and allows nobody more than the limit in any window', async () => {
    const times: number[] = [];
    for (let seconds = 0; seconds < 600; seconds += 10) expect((await take('steady', seconds)).allowed).to.equal(true);
    for (let ms = 0; ms < 300_000; ms += 700) if ((await take('greedy', ms / 1_000)).allowed) times.push(ms);
    expect(times).to.have.length(30);
    for (const from of times) expect(times.filter((ms) => ms >= from && ms < from + 60_000)).to.have.length.at.most(6);
  });

  it('decides like an exact counter, for any limits with any costs and any timing of calls', async () => {
    const limits = fc.array(
      fc.record({
        requests: fc.integer({ min: 1, max: 50 }),
        windowMs: fc.integer({ min: 1, max: 90_000 }),
        cost: fc.integer({ min: 1, max: 50 }),
      }),
      { minLength: 1, maxLength: 3 },
    );
    const pauses = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 120 });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(limits, pauses, async (any, pauses) => {
        runs += 1;
        const charges = any.map(({ requests, windowMs, cost }, i): RateCharge => {
          return {
            area: 'actor',
            key: `run ${runs} ${i}`,
            limit: { requests, windowMs },
            cost: Math.min(cost, requests),
          };
        });
        const counters = charges.map((one) => new ExactCounter(one));
        let ms = 0;
        for (const pause of pauses) {
          ms += pause;
          const decided = await limiter().take(charges, new Date(ms));
          const room = counters.map((counter) => counter.hasRoom(ms));
          if (room.every(Boolean)) for (const counter of counters) counter.take(ms);
          expect(decided.map(({ allowed }) => allowed)).to.deep.equal(room);
          expect(decided.map(({ remaining }) => remaining)).to.deep.equal(counters.map((one) => one.left(ms)));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('forgets the keys unused for longest once it holds too many', async function () {
    if (harness().isFull > 200) this.skip();
    for (let n = 0; n < 6; n += 1) await take('a', 0);
    for (let n = 0; n < 200; n += 1) await take(`key ${n}`, 0);
    expect((await take('a', 0)).remaining).to.equal(5);
  });
});

/** Everything is recounted from all that was ever allowed. */
class ExactCounter {
  readonly #charge: RateCharge;
  readonly #takenAt: number[] = [];

  constructor(charge: RateCharge) {
    this.#charge = charge;
  }

  hasRoom(nowMs: number): boolean {
    return this.left(nowMs) >= this.#charge.cost;
  }

  take(nowMs: number): void {
    this.#takenAt.push(nowMs);
  }

  left(nowMs: number): number {
    const { limit, cost } = this.#charge;
    return limit.requests - cost * this.#takenAt.filter((ms) => nowMs - ms < limit.windowMs).length;
  }
}
