-- Forgets every area. KEYS: the names of all generations.
for _, generation in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('DEL', generation) end
redis.call('DEL', KEYS[1])
