-- Ends an invalidation, and forgets once more. KEYS: what is forgotten, the invalidations. ARGV: token.
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
