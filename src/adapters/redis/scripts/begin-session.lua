-- Begins a session, and ends the oldest live ones of its user beyond the most that they may have. Expired ones that are
-- still in an index go by the way: all of this user, some of all others.
-- KEYS: the session, its user's index, the index of all.
-- ARGV: digest, now, end, time to live, most sessions of a user, then each field and its value.
local digest, now, ends, ttl, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local SOME = 100

local function drop(other)
  redis.call('DEL', 'sess:' .. other)
  redis.call('ZREM', KEYS[2], other)
  redis.call('ZREM', KEYS[3], other)
end

local function add(index)
  redis.call('ZADD', index, ends, digest)
  if redis.call('PTTL', index) < ttl then redis.call('PEXPIRE', index, ttl) end
end

for _, other in ipairs(redis.call('ZRANGE', KEYS[3], '-inf', now, 'BYSCORE', 'LIMIT', 0, SOME)) do drop(other) end
for _, other in ipairs(redis.call('ZRANGE', KEYS[2], '-inf', now, 'BYSCORE')) do drop(other) end

local live = {}
for _, other in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local stored = redis.call('HMGET', 'sess:' .. other, 'created_at', 'id')
  if stored[1] then
    live[#live + 1] = { digest = other, at = tonumber(stored[1]), id = stored[2] }
  else
    drop(other)
  end
end
table.sort(live, function(a, b)
  if a.at ~= b.at then return a.at < b.at end
  return a.id < b.id
end)
for i = 1, #live + 1 - most do drop(live[i].digest) end

redis.call('HSET', KEYS[1], unpack(ARGV, 6))
redis.call('PEXPIRE', KEYS[1], ttl)
add(KEYS[2])
add(KEYS[3])
