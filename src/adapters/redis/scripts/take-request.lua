-- Takes a request out of sliding windows, if each has room for its cost, and answers how the request met them: how many
-- each holds, when the newest was taken, and when the one that leaves no room, or false.
-- The arithmetic is that of application/shared/sliding-window.ts.
-- KEYS: lists of times, the oldest first. ARGV: now (all times in milliseconds), then for each list the window, the
-- cost, which one from the end leaves no room for it, and the time to live.
local now = tonumber(ARGV[1])

-- Times that lie ahead of now count as now.
local function turn_back(key)
  local ahead = 0
  while tonumber(redis.call('LINDEX', key, -1) or now) > now do
    redis.call('RPOP', key)
    ahead = ahead + 1
  end
  for _ = 1, ahead do redis.call('RPUSH', key, ARGV[1]) end
end

local function drop_until(key, time)
  while tonumber(redis.call('LINDEX', key, 0) or now) <= time do redis.call('LPOP', key) end
end

local states, taken = {}, true
for i, key in ipairs(KEYS) do
  local window, rank = tonumber(ARGV[4 * i - 2]), tonumber(ARGV[4 * i])
  turn_back(key)
  drop_until(key, now - window)
  local blocker = redis.call('LINDEX', key, -rank)
  states[i] = { redis.call('LLEN', key), redis.call('LINDEX', key, -1), blocker }
  taken = taken and not blocker
end
for i, key in ipairs(KEYS) do
  if taken then
    for _ = 1, tonumber(ARGV[4 * i - 1]) do redis.call('RPUSH', key, ARGV[1]) end
  end
  redis.call('PEXPIRE', key, ARGV[4 * i + 1])
end
return states
