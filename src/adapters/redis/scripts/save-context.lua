-- Saves the copy of a window, unless one of a later version or last seq is there whose time is not over.
-- KEYS: the entries, what they are of, the threads of the owner.
-- ARGV: thread, now, time to live (milliseconds), version, last seq, owner, who counted, until, entries …
local now, version, last_seq = tonumber(ARGV[2]), tonumber(ARGV[4]), tonumber(ARGV[5])
local held = redis.call('HMGET', KEYS[2], 'version', 'last_seq', 'until')
if held[1] and now < tonumber(held[3]) then
  local held_version = tonumber(held[1])
  if held_version > version or (held_version == version and tonumber(held[2]) > last_seq) then
    return 0
  end
end
redis.call('DEL', KEYS[1])
for i = 9, #ARGV do
  redis.call('RPUSH', KEYS[1], ARGV[i])
end
redis.call(
  'HSET', KEYS[2], 'version', ARGV[4], 'last_seq', ARGV[5], 'owner', ARGV[6], 'counted_by', ARGV[7], 'until', ARGV[8]
)
redis.call('SADD', KEYS[3], ARGV[1])
for i = 1, 3 do
  redis.call('PEXPIRE', KEYS[i], ARGV[3])
end
return 1
