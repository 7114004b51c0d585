-- The live sessions of a user: for each its digest and the fields that are asked for.
-- KEYS: the user's index. ARGV: now, then the fields.
local fields = { unpack(ARGV, 2) }
local live = {}
for _, digest in ipairs(redis.call('ZRANGE', KEYS[1], '(' .. ARGV[1], '+inf', 'BYSCORE')) do
  live[#live + 1] = { digest, unpack(redis.call('HMGET', 'sess:' .. digest, unpack(fields))) }
end
return live
