/** A cache that counts look-ups and measures loads, by area, whichever adapter it is. */
import type * as prom from 'prom-client';
import type { CacheArea, Invalidation, ReadThroughCache } from '#application/shared/cache.ts';
import type { Durations, Histogram } from './histogram.ts';
import type { Instruments } from './instruments.ts';

const BUCKETS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** What an area was asked, and how often it had to load. */
type Counts = { lookups: number; misses: number; readonly loads: Durations };

export class CacheMetrics {
  readonly #areas = new Map<string, Counts>();
  readonly #loads: Histogram<'area'>;
  readonly #invalidations: prom.Counter<'area'>;

  constructor(instruments: Instruments) {
    instruments.readCounter(
      {
        name: 'tavernkeep_cache_lookups_total',
        help: 'Look-ups in the cache: a miss is one that had to load, a hit any other, those that shared a load too.',
        labels: ['area', 'result'],
      },
      () =>
        [...this.#areas].flatMap(([area, { lookups, misses }]) => [
          [{ area, result: 'hit' }, lookups - misses] as const,
          [{ area, result: 'miss' }, misses] as const,
        ]),
    );
    this.#loads = instruments.histogram({
      name: 'tavernkeep_cache_load_duration_seconds',
      help: 'How long it took to load what the cache did not have.',
      labels: ['area'],
      buckets: BUCKETS,
    });
    this.#invalidations = instruments.counter({
      name: 'tavernkeep_cache_invalidations_total',
      help: 'Changes that put a value of the area, or all of them, out of date.',
      labels: ['area'],
    });
  }

  of(area: string): Counts {
    let counts = this.#areas.get(area);
    if (counts === undefined) {
      counts = { lookups: 0, misses: 0, loads: this.#loads.of({ area }) };
      this.#areas.set(area, counts);
    }
    return counts;
  }

  invalidated(area: string): void {
    this.#invalidations.inc({ area });
  }
}

export class MeasuredCache implements ReadThroughCache {
  readonly #cache: ReadThroughCache;
  readonly #metrics: CacheMetrics;

  constructor(cache: ReadThroughCache, metrics: CacheMetrics) {
    this.#cache = cache;
    this.#metrics = metrics;
  }

  /** Hands on the cache's own promise: a hit, which every request has, waits for nothing more. */
  get<Value>(area: CacheArea<Value>, key: string, load: () => Promise<Value>): Promise<Value> {
    const counts = this.#metrics.of(area.name);
    counts.lookups += 1;
    return this.#cache.get(area, key, () => measured(counts, load));
  }

  invalidate(area: CacheArea<unknown>, key: string): Promise<Invalidation> {
    this.#metrics.invalidated(area.name);
    return this.#cache.invalidate(area, key);
  }

  clear(area: CacheArea<unknown>): Promise<Invalidation> {
    this.#metrics.invalidated(area.name);
    return this.#cache.clear(area);
  }
}

async function measured<Value>(counts: Counts, load: () => Promise<Value>): Promise<Value> {
  counts.misses += 1;
  const startedMs = performance.now();
  try {
    return await load();
  } finally {
    counts.loads.observe((performance.now() - startedMs) / 1_000);
  }
}
