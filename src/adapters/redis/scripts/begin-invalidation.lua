-- Forgets a value, or a whole area by its generation, and lets nothing be cached there until this invalidation has
-- ended or lapsed. It forgets first: where Redis is full, it lets a script go on that has begun to write.
-- KEYS: what is forgotten, the invalidations. ARGV: token, when it lapses, their time to live.
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
