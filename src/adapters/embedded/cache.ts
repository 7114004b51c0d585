/** What was loaded once and may be cached for a while, in the process. */
import type { LRUCache } from 'lru-cache';
import {
  type CacheArea,
  INVALIDATION_LAPSE_MS,
  type Invalidation,
  type ReadThroughCache,
} from '#application/shared/cache.ts';
import type { Clock } from '#application/shared/clock.ts';
import { leastRecentlyUsed } from './lru.ts';

/** Values cached per area. */
const MAX_ENTRIES_PER_AREA = 10_000;

/** Good from one time until another, so that what was cached by a clock that was ahead is not good for longer. */
type Cached = Readonly<{ value: unknown; from: number; until: number }>;
/** `key` is null where the whole area is invalidated. */
type Lasting = Readonly<{ key: string | null; until: number }>;
type Contents = Readonly<{
  cached: LRUCache<string, Cached>;
  loading: Map<string, Promise<unknown>>;
  invalidations: Set<Lasting>;
  count: { evictions: number };
}>;

/** How many values of an area are cached, and how many left to make room for others. */
export type CacheUsage = Readonly<{ area: string; entries: number; evictions: number }>;

/**
 * Right only where this is the only process: an invalidation reaches no other. Values stay as they are: nothing is
 * encoded.
 */
export class EmbeddedCache implements ReadThroughCache {
  readonly #clock: Clock;
  readonly #entriesPerArea: number;
  readonly #areas = new Map<string, Contents>();

  constructor(deps: Readonly<{ clock: Clock; entriesPerArea?: number }>) {
    this.#clock = deps.clock;
    this.#entriesPerArea = deps.entriesPerArea ?? MAX_ENTRIES_PER_AREA;
  }

  async get<Value>(area: CacheArea<Value>, key: string, load: () => Promise<Value>): Promise<Value> {
    const contents = this.#contents(area);
    const found = contents.cached.get(key);
    if (found !== undefined && this.#isGood(found)) return found.value as Value;
    if (this.#isInvalid(contents, key)) return load();
    const underWay = contents.loading.get(key);
    if (underWay !== undefined) return underWay as Promise<Value>;
    return this.#load(area, key, load);
  }

  async invalidate(area: CacheArea<unknown>, key: string): Promise<Invalidation> {
    return this.#invalidate(this.#contents(area), key);
  }

  async clear(area: CacheArea<unknown>): Promise<Invalidation> {
    return this.#invalidate(this.#contents(area), null);
  }

  /** By area, of those that were used. */
  usage(): readonly CacheUsage[] {
    return [...this.#areas].map(([area, { cached, count }]) => ({ area, entries: cached.size, ...count }));
  }

  async #load<Value>(area: CacheArea<Value>, key: string, load: () => Promise<Value>): Promise<Value> {
    const { cached, loading } = this.#contents(area);
    const promise = load();
    loading.set(key, promise);
    try {
      const value = await promise;
      // Whoever invalidated meanwhile took the load away: it is answered, and not cached.
      if (loading.get(key) === promise) cached.set(key, { value, ...this.#times(area, value) });
      return value;
    } finally {
      if (loading.get(key) === promise) loading.delete(key);
    }
  }

  #invalidate(contents: Contents, key: string | null): Invalidation {
    const lasting = { key, until: this.#clock.now().getTime() + INVALIDATION_LAPSE_MS };
    contents.invalidations.add(lasting);
    forget(contents, key);
    return {
      end: async () => {
        contents.invalidations.delete(lasting);
        forget(contents, key);
      },
    };
  }

  #isInvalid({ invalidations }: Contents, key: string): boolean {
    for (const lasting of invalidations) {
      if (lasting.until <= this.#clock.now().getTime()) invalidations.delete(lasting);
      else if (lasting.key === null || lasting.key === key) return true;
    }
    return false;
  }

  #isGood({ from, until }: Cached): boolean {
    const now = this.#clock.now().getTime();
    return from <= now && now < until;
  }

  #times<Value>(area: CacheArea<Value>, value: Value): Omit<Cached, 'value'> {
    const now = this.#clock.now();
    return { from: now.getTime(), until: now.getTime() + area.ttlMs(value, now) };
  }

  #contents({ name }: Readonly<{ name: string }>): Contents {
    let contents = this.#areas.get(name);
    if (contents === undefined) {
      const count = { evictions: 0 };
      const evicted = () => {
        count.evictions += 1;
      };
      const cached = leastRecentlyUsed<Cached>(this.#entriesPerArea, { evicted });
      contents = { cached, loading: new Map(), invalidations: new Set(), count };
      this.#areas.set(name, contents);
    }
    return contents;
  }
}

function forget({ cached, loading }: Contents, key: string | null): void {
  for (const held of [cached, loading]) {
    if (key === null) held.clear();
    else held.delete(key);
  }
}
