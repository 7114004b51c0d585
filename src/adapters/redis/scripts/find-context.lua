-- Answers what the copy of a window is of, and its entries; nothing where there is none.
-- KEYS: the entries, what they are of.
local meta = redis.call('HMGET', KEYS[2], 'version', 'last_seq', 'owner', 'counted_by', 'until')
if not meta[1] then
  return false
end
return { meta, redis.call('LRANGE', KEYS[1], 0, -1) }
