/** What was loaded once and may be cached for a while, as a port. */
import { type CacheValue, decodeValue, encodeValue } from './cache-text.ts';

/** One kind of cached values: their name in the cache, their form as text, and how long they may stay. */
export interface CacheArea<Value> {
  /** No other area has it. */
  readonly name: string;
  encode(value: Value): string;
  /** What `encode` was given. */
  decode(text: string): Value;
  /** For how many milliseconds from `now` a value may be cached. */
  ttlMs(value: Value, now: Date): number;
}

export function cacheArea<Value extends CacheValue>(area: Pick<CacheArea<Value>, 'name' | 'ttlMs'>): CacheArea<Value> {
  return { ...area, encode: encodeValue, decode: (text) => decodeValue(text) as Value };
}

export interface ReadThroughCache {
  /**
   * The cached value of `key`, or what `load` finds, cached for as long as the area says.
   * Callers that ask for a key while it is being loaded share the one load. A load that began before an
   * invalidation of its key is answered but not cached; a load that throws caches nothing.
   */
  get<Value>(area: CacheArea<Value>, key: string, load: () => Promise<Value>): Promise<Value>;
  /** Forgets one key: the next `get` loads. */
  invalidate<Value>(area: CacheArea<Value>, key: string): Promise<void>;
  /** Forgets a whole area. */
  clear<Value>(area: CacheArea<Value>): Promise<void>;
}
