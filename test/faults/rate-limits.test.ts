/** The rate limiter against a reference counter, over very many steps: not one wrong decision, on any adapter. */
import { expect } from 'chai';
import { createClient } from 'redis';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import type { RedisCalls } from '#adapters/redis/link.ts';
import { RedisRateLimiter } from '#adapters/redis/rate-limiter.ts';
import type { Script } from '#adapters/redis/scripts.ts';
import type { RateCharge, RateLimiter } from '#application/shared/rate-limiter.ts';
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
    const { url, close } = await openTemporaryRedis();
    const client = await createClient({ url }).connect();
    return {
      harness: new RedisRateLimiter({ redis: patient(client) }),
      close: async () => {
        client.destroy();
        await close();
      },
    };
  },
};

/** Waits for every answer: the deadlines of the server's connection would take a busy machine for an absent Redis. */
function patient(client: Readonly<{ sendCommand(words: string[]): Promise<unknown> }>): RedisCalls {
  return {
    command: <Reply>(...words: readonly string[]) => client.sendCommand([...words]) as Promise<Reply>,
    run: <Reply>(script: Script, keys: readonly string[], values: readonly string[] = []) =>
      client.sendCommand(['EVAL', script.source, String(keys.length), ...keys, ...values]) as Promise<Reply>,
  };
}

/** Each has keys, limits and a clock of its own, so that their calls can be under way together. */
const CALLERS = 50;
const STEPS_PER_ROUND = 20;
const START_MS = Date.UTC(2026, 10, 21);

contract('the rate limiter', PLAN, openers, (limiter) => {
  it(`decides ${rounds(1_000) * CALLERS * STEPS_PER_ROUND} random steps like a reference counter`, async function () {
    this.timeout(600_000);
    const steps = rounds(1_000) * STEPS_PER_ROUND;
    const wrong = await Promise.all(Array.from({ length: CALLERS }, (_, i) => wrongSteps(limiter(), i, steps)));
    expect(wrong.flat()).to.deep.equal([]);
  });
});

/** Half of the callers have one limit, as requests mostly do; the others up to three, with costs. */
async function wrongSteps(limiter: RateLimiter, caller: number, steps: number): Promise<readonly string[]> {
  const charges = Array.from({ length: caller % 2 === 0 ? 1 : 1 + below(3) }, (_, i) => anyCharge(`${caller} ${i}`));
  const counters = charges.map((charge) => new ReferenceCounter(charge));
  const wrong: string[] = [];
  let ms = START_MS;
  for (let step = 1; step <= steps; step += 1) {
    ms += pause(charges[below(charges.length)]!);
    const decided = await limiter.take(charges, new Date(ms));
    const room = counters.map((counter) => counter.hasRoom(ms));
    if (room.every(Boolean)) for (const counter of counters) counter.take(ms);
    const expected = counters.map((counter, i) => `${room[i]} ${counter.left}`).join();
    const given = decided.map(({ allowed, remaining }) => `${allowed} ${remaining}`).join();
    if (given !== expected) wrong.push(`${JSON.stringify(charges)}, step ${step}: ${given}, not ${expected}`);
  }
  return wrong;
}

function anyCharge(key: string): RateCharge {
  const requests = 1 + below(200);
  const cost = below(2) === 0 ? 1 : 1 + below(requests);
  return { area: 'actor', key, limit: { requests, windowMs: 1 + below(120_000) }, cost };
}

/** Mostly about as long as a request takes to be free again; now and then none, long, or back. */
function pause({ limit: { requests, windowMs }, cost }: RateCharge): number {
  const kind = below(20);
  if (kind === 0) return -below(windowMs);
  if (kind === 1) return below(2 * windowMs);
  return kind < 5 ? 0 : below(Math.ceil((2 * cost * windowMs) / requests) + 1);
}

function below(n: number): number {
  return Math.floor(Math.random() * n);
}

/** All that was taken, counted anew at each step. */
class ReferenceCounter {
  readonly #charge: RateCharge;
  #takenAt: number[] = [];

  constructor(charge: RateCharge) {
    this.#charge = charge;
  }

  hasRoom(nowMs: number): boolean {
    const { windowMs } = this.#charge.limit;
    this.#takenAt = this.#takenAt.map((ms) => Math.min(ms, nowMs)).filter((ms) => nowMs - ms < windowMs);
    return this.left >= this.#charge.cost;
  }

  take(nowMs: number): void {
    this.#takenAt.push(nowMs);
  }

  get left(): number {
    const { limit, cost } = this.#charge;
    return limit.requests - cost * this.#takenAt.length;
  }
}
