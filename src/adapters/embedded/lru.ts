/** Creates the bounded in-process tables that all embedded adapters use. */
import { LRUCache } from 'lru-cache';

/**
 * Returns an empty cache of at most `entries` values that evicts the least recently used one. It is bounded by
 * `maxSize` with every value of size 1, because `max` would allocate the memory for all entries at once.
 */
export function leastRecentlyUsed<Value extends object>(entries: number): LRUCache<string, Value> {
  return new LRUCache({ maxSize: entries, sizeCalculation: () => 1 });
}
