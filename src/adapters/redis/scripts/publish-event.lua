-- Adds an event to the stream of its topic, which is trimmed, and tells the channel of the same name.
-- KEYS: the stream. ARGV: the event, time to live (milliseconds), how many events are held.
local id = redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[3], '*', 'event', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', KEYS[1], id .. ' ' .. ARGV[1])
return id
