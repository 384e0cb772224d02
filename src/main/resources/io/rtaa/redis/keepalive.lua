-- Says that a worker still has a call, unless it has lost the lease on the call's audio.
--
-- KEYS  1 keep-alives, 2 record of the audio's group, 3 audio, 4 groups of the audio
-- ARGV  1 token of the lease, empty where there is none, 2 the keep-alive, 3 keep-alives kept, 4 for how long, milliseconds
-- Returns 1 done, -1 fenced.
if ARGV[1] ~= '' and not holds(KEYS[2], ARGV[1], KEYS[3], KEYS[4]) then
  return -1
end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'e', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
