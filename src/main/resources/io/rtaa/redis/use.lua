-- Takes one of the uses of a thing, unless all of them are taken.
--
-- KEYS  1 how many are taken
-- ARGV  1 how many there are, 2 for how long they are remembered, milliseconds
-- Returns 1 where one was taken, else 0.
if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[1]) then
  return 0
end
redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
