/** What was loaded once and may be kept for a while, as a port. */

export type CacheArea = 'permissions';

export interface ReadThroughCache {
  /**
   * The kept value of `key`, or what `load` finds, kept for at most `ttlMs` milliseconds.
   * Callers that ask for a key while it is being loaded share the one load. A load that began before an
   * invalidation of its key is answered but not kept; a load that throws keeps nothing.
   */
  get<T extends object>(area: CacheArea, key: string, load: () => Promise<T>, ttlMs: number): Promise<T>;
  /** Forgets one key: the next `get` loads. */
  invalidate(area: CacheArea, key: string): Promise<void>;
  /** Forgets a whole area. */
  clear(area: CacheArea): Promise<void>;
}
