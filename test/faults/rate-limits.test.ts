/** The rate limiter against a reference counter, over very many steps: not one wrong decision, on any adapter. */
import { expect } from 'chai';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import { RedisRateLimiter } from '#adapters/redis/rate-limiter.ts';
import type { RateLimit, RateLimiter } from '#application/shared/rate-limiter.ts';
import { contract, type Openers, type Plan } from '../support/backends/backends.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { openTemporaryRedis } from '../support/servers/temporary-redis.ts';

const IN_SPEED_LAYER = { skip: 'limits live in the speed layer' };
const PLAN: Plan = {
  memory: { skip: 'the embedded limiter needs no file' },
  sqlite: IN_SPEED_LAYER,
  embedded: 'run',
  postgres: IN_SPEED_LAYER,
  redis: 'run',
};

const openers: Openers<RateLimiter> = {
  embedded: async () => ({ harness: new EmbeddedRateLimiter(), close: async () => {} }),
  redis: async () => {
    const { connection, close } = await openTemporaryRedis();
    return { harness: new RedisRateLimiter({ redis: connection }), close };
  },
};

/** Each has a key, a limit and a clock of its own, so that their calls can be under way together. */
const CALLERS = 50;
const STEPS_PER_ROUND = 20;
const START_MS = Date.UTC(2026, 10, 21);

contract('the rate limiter', PLAN, openers, (limiter) => {
  it(`decides ${rounds(1_000) * CALLERS * STEPS_PER_ROUND} random steps like a reference counter`, async function () {
    this.timeout(600_000);
    const steps = rounds(1_000) * STEPS_PER_ROUND;
    const wrong = await Promise.all(
      Array.from({ length: CALLERS }, (_, i) => wrongSteps(limiter(), `caller ${i}`, steps)),
    );
    expect(wrong.flat()).to.deep.equal([]);
  });
});

async function wrongSteps(limiter: RateLimiter, key: string, steps: number): Promise<readonly string[]> {
  const limit = { requests: 1 + below(200), windowMs: 1 + below(120_000) };
  const counter = new ReferenceCounter(limit);
  const wrong: string[] = [];
  let ms = START_MS;
  for (let step = 1; step <= steps; step += 1) {
    ms += pause(limit);
    const { allowed, remaining } = await limiter.take('actor', key, limit, new Date(ms));
    const expected = counter.take(BigInt(ms));
    if (allowed !== expected.allowed || remaining !== expected.remaining)
      wrong.push(`${JSON.stringify(limit)}, step ${step}: ${allowed} ${remaining}, not ${JSON.stringify(expected)}`);
  }
  return wrong;
}

/** Mostly about as long as a request takes to be free again; now and then none, long, or back. */
function pause({ requests, windowMs }: RateLimit): number {
  const kind = below(20);
  if (kind === 0) return -below(windowMs);
  if (kind === 1) return below(2 * windowMs);
  return kind < 5 ? 0 : below(Math.ceil((2 * windowMs) / requests) + 1);
}

function below(n: number): number {
  return Math.floor(Math.random() * n);
}

/** What is free, as a fraction of whole requests in exact numbers. */
class ReferenceCounter {
  readonly #requests: bigint;
  readonly #windowMs: bigint;
  #free: bigint;
  #at: bigint | undefined;

  constructor({ requests, windowMs }: RateLimit) {
    [this.#requests, this.#windowMs] = [BigInt(requests), BigInt(windowMs)];
    this.#free = this.#requests * this.#windowMs;
  }

  take(now: bigint): Readonly<{ allowed: boolean; remaining: number }> {
    const passed = this.#at === undefined || now < this.#at ? 0n : now - this.#at;
    const full = this.#requests * this.#windowMs;
    this.#free += passed * this.#requests;
    if (this.#free > full) this.#free = full;
    this.#at = now;
    const allowed = this.#free >= this.#windowMs;
    if (allowed) this.#free -= this.#windowMs;
    return { allowed, remaining: Number(this.#free / this.#windowMs) };
  }
}
