/** Creates the bounded in-process tables that all embedded adapters use. */
import { LRUCache } from 'lru-cache';

type Options<Value> = Readonly<{
  /** What a value counts for; 1 unless said. */
  sizeOf?: (value: Value) => number;
  /** Called when one is evicted for want of room. */
  evicted?: () => void;
}>;

/**
 * Returns an empty cache of values that count for at most `maxSize` together, and that evicts the least recently used
 * one. It is bounded by `maxSize` even where each counts for 1, because `max` would allocate the memory for all entries
 * at once.
 */
export function leastRecentlyUsed<Value extends object>(
  maxSize: number,
  { sizeOf = () => 1, evicted }: Options<Value> = {},
): LRUCache<string, Value> {
  const bounded = { maxSize, sizeCalculation: sizeOf };
  if (evicted === undefined) return new LRUCache(bounded);
  const dispose = (_value: Value, _key: string, reason: LRUCache.DisposeReason) => {
    if (reason === 'evict') evicted();
  };
  return new LRUCache({ ...bounded, dispose });
}
