/** Calls on Redis, and whether it is away; an observer of the connection. */
import type * as prom from 'prom-client';
import type { RedisObserver } from '#adapters/redis/connection.ts';
import type { CallOutcome } from '#adapters/redis/link.ts';
import type { Histogram } from './histogram.ts';
import type { Instruments } from './instruments.ts';

const BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25];

export class RedisMetrics implements RedisObserver {
  readonly #calls: prom.Counter<'call' | 'outcome'>;
  readonly #durations: Histogram<'call'>;
  /** Null as long as no connection is used. */
  #isAway: boolean | null = null;

  constructor(instruments: Instruments) {
    this.#calls = instruments.counter({
      name: 'tavernkeep_redis_calls_total',
      help: 'Calls on Redis, by command or script: answered, refused, late, or away, where nothing was sent.',
      labels: ['call', 'outcome'],
    });
    this.#durations = instruments.histogram({
      name: 'tavernkeep_redis_call_duration_seconds',
      help: 'How long Redis took to answer a call.',
      labels: ['call'],
      buckets: BUCKETS,
    });
    instruments.readGauge(
      { name: 'tavernkeep_redis_away', help: 'Whether the breaker is open: 1 while Redis is away, 0 else.' },
      () => (this.#isAway === null ? [] : [[{}, Number(this.#isAway)]]),
    );
  }

  /** Told of every call. */
  readonly called = (call: string, ms: number, outcome: CallOutcome): void => {
    this.#isAway ??= outcome === 'away';
    this.#calls.inc({ call, outcome });
    if (outcome === 'answered') this.#durations.of({ call }).observe(ms / 1_000);
  };

  /** Redis is away from here on, or back. */
  readonly changed = (state: 'redis' | 'away'): void => {
    this.#isAway = state === 'away';
  };
}
