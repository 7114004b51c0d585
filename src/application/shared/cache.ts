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

/** An invalidation that nobody ends is over after this long: more than any store gives a commit. */
export const INVALIDATION_LAPSE_MS = 30_000;

/** An invalidation that lasts, from before the commit of a change until after it. */
export interface Invalidation {
  /** Forgets once more; what is loaded from here on may be cached. */
  end(): Promise<void>;
}

export interface ReadThroughCache {
  /**
   * The cached value of `key`, or what `load` finds, cached for as long as the area says.
   * Callers that ask for a key while it is being loaded share the one load. A load that began before the end of an
   * invalidation of its key is answered but not cached; a load that throws caches nothing.
   */
  get<Value>(area: CacheArea<Value>, key: string, load: () => Promise<Value>): Promise<Value>;
  /**
   * Forgets one key. Until the invalidation ends, or `INVALIDATION_LAPSE_MS` have passed, every `get` of it loads for
   * itself and caches nothing, in all processes that share the cache. Throws where that cannot be had: the change must
   * not be made then.
   */
  invalidate(area: CacheArea<unknown>, key: string): Promise<Invalidation>;
  /** The same for every key of an area. */
  clear(area: CacheArea<unknown>): Promise<Invalidation>;
}
