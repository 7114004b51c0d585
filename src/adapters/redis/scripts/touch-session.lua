-- Records a use of a session that has not ended, unless a later one is recorded.
-- KEYS: the session, its user's index, the index of all. ARGV: digest, last use, idle end.
local stored = redis.call('HMGET', KEYS[1], 'last_seen_at', 'absolute_end_at')
local used = tonumber(ARGV[2])
if not stored[1] or tonumber(stored[1]) > used then return end

local ends = math.min(tonumber(ARGV[3]), tonumber(stored[2]))
local ttl = math.max(1, ends - used)
-- First what needs no memory: where Redis is full, it lets a script go on that has begun to write.
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', ttl))
redis.call('HSET', KEYS[1], 'last_seen_at', ARGV[2], 'idle_end_at', ARGV[3])
for i = 2, 3 do
  redis.call('ZADD', KEYS[i], string.format('%.0f', ends), ARGV[1])
  if redis.call('PTTL', KEYS[i]) < ttl then redis.call('PEXPIRE', KEYS[i], string.format('%.0f', ttl)) end
end
