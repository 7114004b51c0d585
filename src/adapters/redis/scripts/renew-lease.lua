-- Moves the end of a lease on where it is still its holder's.
-- KEYS: the lease. ARGV: the holder, its new TTL in milliseconds.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
