-- Caches what was loaded, if its permit is still there and the area's generation is the one in which it began.
-- KEYS: the value, the area's generation. ARGV: permit, generation, value, its time to live.
if redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('GET', KEYS[2]) == ARGV[2] then
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
end
