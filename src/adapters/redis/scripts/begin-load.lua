-- Allows a load to be cached, unless its key or area is invalidated at the moment; answers the area's generation.
-- The permit takes the place of the value, and goes with it when that is invalidated.
-- KEYS: the value, the area's generation, the invalidations of the key, those of the area, the names of all generations.
-- ARGV: now, permit, its time to live, a generation in case there is none, the time to live of generations.
for i = 3, 4 do
  if redis.call('ZCOUNT', KEYS[i], '(' .. ARGV[1], '+inf') > 0 then return false end
end
redis.call('SADD', KEYS[5], KEYS[2])
redis.call('PEXPIRE', KEYS[5], ARGV[5])
redis.call('SET', KEYS[2], ARGV[4], 'NX', 'PX', ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return redis.call('GET', KEYS[2])
