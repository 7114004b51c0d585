-- Forgets a value, or a whole area by its generation, and lets nothing be cached there until this invalidation has
-- ended or lapsed. It forgets first: a script that has freed something may go on where Redis is full.
-- KEYS: what is forgotten, the invalidations. ARGV: token, when it lapses, their time to live, and the area if it is one.
if ARGV[4] then redis.call('HDEL', KEYS[1], ARGV[4]) else redis.call('DEL', KEYS[1]) end
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
