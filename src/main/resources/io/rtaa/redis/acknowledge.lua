-- Moves a group's position, for whoever holds the lease.
--
-- KEYS  1 record of the group, 2 log, 3 groups of the log
-- ARGV  1 token of the lease, 2 position, 3 'trim' where what all groups have acknowledged is let go of
-- Returns 1 done, -1 fenced.
if not holds(KEYS[1], ARGV[1], KEYS[2], KEYS[3]) then
  return -1
end
if acknowledge(KEYS[1], ARGV[2]) and ARGV[3] == 'trim' then
  trim(KEYS[2], KEYS[3], ARGV[2])
end
return 1
