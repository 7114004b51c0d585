-- Removes the copies of all threads of an owner. The keys of a copy follow from its thread: there is one node.
-- KEYS: the threads of the owner. ARGV: the owner.
for _, thread in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if redis.call('HGET', 'ctxmeta:' .. thread, 'owner') == ARGV[1] then
    redis.call('DEL', 'ctx:' .. thread, 'ctxmeta:' .. thread)
  end
end
return redis.call('DEL', KEYS[1])
