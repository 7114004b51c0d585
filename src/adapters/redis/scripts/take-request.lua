-- Takes one request out of a leaky bucket where it has room, and answers the level that the request met.
-- The arithmetic is that of application/shared/leaky-bucket.ts; numbers are whole, and written without an exponent.
-- KEYS: the bucket. ARGV: now, requests, window (milliseconds), time to live (milliseconds).
local now, requests, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local bucket = redis.call('HMGET', KEYS[1], 'level', 'at')
local level, at = tonumber(bucket[1] or '0'), tonumber(bucket[2] or ARGV[1])
level = math.max(0, level - math.max(0, now - at) * requests)
local met = string.format('%.0f', level)
if requests * window - level >= window then
  level = level + window
end
redis.call('HSET', KEYS[1], 'level', string.format('%.0f', level), 'at', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return met
