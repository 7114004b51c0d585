/** Creates the bounded in-process tables that all embedded adapters use. */
import { LRUCache } from 'lru-cache';

/**
 * Returns an empty cache of at most `entries` values that evicts the least recently used one, and calls `evicted` then.
 * It is bounded by `maxSize` with every value of size 1, because `max` would allocate the memory for all entries at
 * once.
 */
export function leastRecentlyUsed<Value extends object>(
  entries: number,
  evicted?: () => void,
): LRUCache<string, Value> {
  const bounded = { maxSize: entries, sizeCalculation: () => 1 };
  if (evicted === undefined) return new LRUCache(bounded);
  const dispose = (_value: Value, _key: string, reason: LRUCache.DisposeReason) => {
    if (reason === 'evict') evicted();
  };
  return new LRUCache({ ...bounded, dispose });
}
