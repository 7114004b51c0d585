/** What is held in the process, up to a number of entries. */
import { LRUCache } from 'lru-cache';

/**
 * Forgets first what was not used longest. Takes memory as it fills: the cache's own `max` would set aside at once, and for good, what
 * all the entries need.
 */
export function leastRecentlyUsed<Value extends object>(entries: number): LRUCache<string, Value> {
  return new LRUCache({ maxSize: entries, sizeCalculation: () => 1 });
}
