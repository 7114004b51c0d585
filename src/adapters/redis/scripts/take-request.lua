-- Takes a request out of leaky buckets, if each has room for its cost, and answers the levels that the request met.
-- The arithmetic is that of application/shared/leaky-bucket.ts; numbers are whole, and written without an exponent.
-- KEYS: the buckets. ARGV: now, then for each bucket requests, window (milliseconds), cost, time to live (milliseconds).
local now = tonumber(ARGV[1])
local met, after, taken = {}, {}, true
for i, key in ipairs(KEYS) do
  local requests, window, cost = tonumber(ARGV[4 * i - 2]), tonumber(ARGV[4 * i - 1]), tonumber(ARGV[4 * i])
  local bucket = redis.call('HMGET', key, 'level', 'at')
  local level, at = tonumber(bucket[1] or '0'), tonumber(bucket[2] or ARGV[1])
  met[i] = math.max(0, level - math.max(0, now - at) * requests)
  after[i] = met[i] + cost * window
  taken = taken and after[i] <= requests * window
end
for i, key in ipairs(KEYS) do
  redis.call('HSET', key, 'level', string.format('%.0f', taken and after[i] or met[i]), 'at', ARGV[1])
  redis.call('PEXPIRE', key, ARGV[4 * i + 1])
  met[i] = string.format('%.0f', met[i])
end
return met
