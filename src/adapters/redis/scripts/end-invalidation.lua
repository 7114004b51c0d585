-- Ends an invalidation, and forgets once more.
-- KEYS: what is forgotten, the invalidations. ARGV: token, and the area if it is one.
if ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[2]) else redis.call('DEL', KEYS[1]) end
redis.call('ZREM', KEYS[2], ARGV[1])
