-- Gives back a lease where it is still its holder's: one that has lapsed may be somebody else's by now.
-- KEYS: the lease. ARGV: the holder.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
