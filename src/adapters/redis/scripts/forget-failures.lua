-- Forgets the failures of accounts, and takes as many off their address.
-- KEYS: the counters of the accounts, and last that of the address where there is one. ARGV: 1 where there is one.
local accounts = #KEYS - tonumber(ARGV[1])
local forgotten = 0
for i = 1, accounts do
  forgotten = forgotten + tonumber(redis.call('HGET', KEYS[i], 'count') or '0')
  redis.call('DEL', KEYS[i])
end
local address = KEYS[accounts + 1]
if not address then return end

local left = tonumber(redis.call('HGET', address, 'count') or '0') - forgotten
if left > 0 then
  redis.call('HSET', address, 'count', left)
else
  redis.call('DEL', address)
end
