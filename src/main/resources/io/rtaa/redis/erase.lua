-- Erases what is remembered of a call that is over, and publishes that it is erased. What is kept says that the call is
-- over and erased, so that nothing of it is published any more, and that its audio is not recognised again.
--
-- KEYS  1 call, 2 ids of the call's recent events, 3 transcripts, 4 live calls
-- ARGV  1 the erasure as an event, 2 name of the call, 3 the call's start without numbers, empty where none is known
--       4 how long transcripts are kept, milliseconds, 5 how long an erased call is remembered, milliseconds
-- Returns the id of the event; nothing for a call that is live.
local known = redis.call('HMGET', KEYS[1], 'started', 'over')
if known[1] and not known[2] then
  return false
end
if known[1] then
  redis.call('HSET', KEYS[1], 'started', ARGV[3], 'erased', 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
redis.call('DEL', KEYS[2])
redis.call('SREM', KEYS[4], ARGV[2])
local id = redis.call('XADD', KEYS[3], '*', 'e', ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
return id
