-- Prolongs a lease; one that ran out or that Redis has lost too, as long as no other worker has taken it.
--
-- KEYS  1 lease, 2 record of the group, 3 log, 4 groups of the log
-- ARGV  1 token, 2 who has it, 3 for how long, milliseconds
-- Returns 1 done, -1 fenced.
if not holds(KEYS[2], ARGV[1], KEYS[3], KEYS[4]) then
  return -1
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
