-- How long an attempt to sign in has to wait, for its account and its address; where it need not, it may count as a
-- failure of both. The rules are those of domain/identity/sign-in-delay.ts.
-- KEYS: the counters. ARGV: now, 1 to count, first delay, longest delay, how long failures count (milliseconds), then
-- for each key how many failures are free.
local now, counts = tonumber(ARGV[1]), ARGV[2] == '1'
local first, longest, kept = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local function failures(key)
  local stored = redis.call('HMGET', key, 'count', 'last_at')
  local count, last = tonumber(stored[1] or '0'), tonumber(stored[2] or '0')
  if count == 0 or now - last >= kept then return 0, now end
  if last > now then
    -- The clock was ahead: from now on it counts as one of now.
    redis.call('HSET', key, 'last_at', ARGV[1])
    return count, now
  end
  return count, last
end

local wait, found = 0, {}
for i, key in ipairs(KEYS) do
  local count, last = failures(key)
  found[i] = count
  local free = tonumber(ARGV[5 + i])
  if count >= free then
    local delay = math.min(longest, first * 2 ^ (count - free))
    wait = math.max(wait, math.min(delay, math.max(0, last + delay - now)))
  end
end
if wait > 0 or not counts then return string.format('%.0f', wait) end

for i, key in ipairs(KEYS) do
  redis.call('HSET', key, 'count', found[i] + 1, 'last_at', ARGV[1])
  redis.call('PEXPIRE', key, ARGV[5])
end
return '0'
