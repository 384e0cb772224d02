-- Prolongs a lease; one that ran out too, as long as nobody else has taken it.
--
-- KEYS  1 lease, 2 record of the group
-- ARGV  1 token, 2 who has it, 3 for how long, milliseconds
-- Returns 1 done, -1 fenced.
if redis.call('HGET', KEYS[2], 'fence') ~= ARGV[1] then
  return -1
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
