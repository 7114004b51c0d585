/** What was loaded once and may be kept for a while, in the process. */
import type { LRUCache } from 'lru-cache';
import type { CacheArea, ReadThroughCache } from '#application/shared/cache.ts';
import type { Clock } from '#application/shared/clock.ts';
import { leastRecentlyUsed } from './lru.ts';

/** Values kept per area. */
const MAX_ENTRIES_PER_AREA = 10_000;

type Kept = Readonly<{ value: object; until: number }>;
type Area = Readonly<{ kept: LRUCache<string, Kept>; loading: Map<string, Promise<object>> }>;

/** Right only where this is the only process: an invalidation reaches no other. */
export class EmbeddedCache implements ReadThroughCache {
  readonly #clock: Clock;
  readonly #perArea: number;
  readonly #areas = new Map<CacheArea, Area>();

  constructor(deps: Readonly<{ clock: Clock; keptPerArea?: number }>) {
    this.#clock = deps.clock;
    this.#perArea = deps.keptPerArea ?? MAX_ENTRIES_PER_AREA;
  }

  async get<T extends object>(area: CacheArea, key: string, load: () => Promise<T>, ttlMs: number): Promise<T> {
    const { kept, loading } = this.#area(area);
    const found = kept.get(key);
    if (found !== undefined && this.#clock.now().getTime() < found.until) return found.value as T;
    const underWay = loading.get(key);
    if (underWay !== undefined) return underWay as Promise<T>;
    return this.#load(area, key, load, ttlMs);
  }

  async invalidate(area: CacheArea, key: string): Promise<void> {
    const { kept, loading } = this.#area(area);
    kept.delete(key);
    loading.delete(key);
  }

  async clear(area: CacheArea): Promise<void> {
    this.#areas.delete(area);
  }

  async #load<T extends object>(area: CacheArea, key: string, load: () => Promise<T>, ttlMs: number): Promise<T> {
    const { kept, loading } = this.#area(area);
    const promise = load();
    loading.set(key, promise);
    try {
      const value = await promise;
      // Whoever invalidated meanwhile took the load away: it is answered, and not kept.
      if (loading.get(key) === promise) kept.set(key, { value, until: this.#clock.now().getTime() + ttlMs });
      return value;
    } finally {
      if (loading.get(key) === promise) loading.delete(key);
    }
  }

  #area(name: CacheArea): Area {
    let area = this.#areas.get(name);
    if (area === undefined) {
      area = { kept: leastRecentlyUsed(this.#perArea), loading: new Map() };
      this.#areas.set(name, area);
    }
    return area;
  }
}
