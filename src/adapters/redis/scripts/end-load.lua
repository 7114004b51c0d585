-- Caches what was loaded, if its permit is still there and the area's generation is the one in which it began.
-- KEYS: the value, the generations. ARGV: permit, area, generation, value, its time to live.
if redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[3] then
  redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
end
