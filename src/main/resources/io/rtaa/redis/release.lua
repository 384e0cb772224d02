-- Gives a lease back, so that another may take it at once, and acknowledges what was settled last.
--
-- KEYS  1 lease, 2 record of the group, 3 log, 4 groups of the log
-- ARGV  1 token, 2 position, empty for none, 3 'trim' where what all groups have acknowledged is let go of
-- Returns 1 done, -1 fenced.
if not holds(KEYS[2], ARGV[1], KEYS[3], KEYS[4]) then
  return -1
end
if ARGV[2] ~= '' and acknowledge(KEYS[2], ARGV[2]) and ARGV[3] == 'trim' then
  trim(KEYS[3], KEYS[4], ARGV[2])
end
redis.call('DEL', KEYS[1])
return 1
