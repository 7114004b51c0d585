-- Ends all sessions of a user but one, which moves to another epoch; answers those that it ended, live or not: for
-- each its digest and the fields that are asked for.
-- KEYS: the user's index, the index of all. ARGV: id of the one that stays (or empty), its epoch, then the fields.
local retained, epoch = ARGV[1], ARGV[2]
local fields = { unpack(ARGV, 3) }
local ended = {}
for _, digest in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local key = 'sess:' .. digest
  local id = redis.call('HGET', key, 'id')
  if id and id == retained then
    -- First what needs no memory: where Redis is full, it lets a script go on that has begun to write.
    redis.call('ZREM', KEYS[2], '')
    redis.call('HSET', key, 'epoch', epoch)
  else
    if id then ended[#ended + 1] = { digest, unpack(redis.call('HMGET', key, unpack(fields))) } end
    redis.call('DEL', key)
    redis.call('ZREM', KEYS[1], digest)
    redis.call('ZREM', KEYS[2], digest)
  end
end
return ended
