-- Ends a session. KEYS: the session, the index of all. ARGV: digest.
local user = redis.call('HGET', KEYS[1], 'user_id')
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if user then redis.call('ZREM', 'idx:user_sessions:' .. user, ARGV[1]) end
