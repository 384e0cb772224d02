-- Publishes one transcript event, remembers how far its call came, and acknowledges the audio the event covers: all of it or
-- nothing, and nothing at all for whoever has lost the lease on the audio or has published the event before.
--
-- KEYS  1 call, 2 ids of the call's recent events, 3 transcripts, 4 partials, 5 live calls,
--       6 record of the audio's group, 7 audio, 8 groups of the audio
-- ARGV  1 token of the lease, empty where there is none, 2 position to acknowledge, empty for none
--       3 type of the event, 4 seq, 5 the event, 6 name of the call
--       7 how long transcripts are kept, milliseconds, 8 how long a call that is over is remembered, milliseconds
--       9 partials kept, 10 recent events kept
-- Returns 1 published, 0 published before, -1 fenced.
local token, position, kind, seq = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if token ~= '' and redis.call('HGET', KEYS[6], 'fence') ~= token then
  return -1
end
-- An id that starts again after its end is another call, whose seqs begin anew.
if kind == 'call_started' and redis.call('HGET', KEYS[1], 'over') and redis.call('HGET', KEYS[1], 'started') ~= ARGV[5] then
  redis.call('DEL', KEYS[1], KEYS[2])
end
local fresh = seq > tonumber(redis.call('HGET', KEYS[1], 'last') or '-1')
if fresh and kind == 'partial' then
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[9], '*', 'e', ARGV[5])
elseif fresh then
  local now = redis.call('TIME')
  local oldest = string.format('%.0f', now[1] * 1000 - tonumber(ARGV[7]))
  local id = redis.call('XADD', KEYS[3], 'MINID', '~', oldest, '*', 'e', ARGV[5])
  redis.call('PEXPIRE', KEYS[3], ARGV[7])
  redis.call('HSET', KEYS[1], 'last', ARGV[4])
  redis.call('RPUSH', KEYS[2], id)
  redis.call('LTRIM', KEYS[2], -tonumber(ARGV[10]), -1)
  local remembered = ARGV[7]
  if kind == 'call_started' then
    redis.call('HSET', KEYS[1], 'started', ARGV[5])
    if token ~= '' then
      redis.call('SADD', KEYS[5], ARGV[6])
    end
  elseif kind == 'call_ended' then
    redis.call('HSET', KEYS[1], 'over', 1)
    redis.call('SREM', KEYS[5], ARGV[6])
    remembered = ARGV[8]
  end
  redis.call('PEXPIRE', KEYS[1], remembered)
  redis.call('PEXPIRE', KEYS[2], remembered)
end
if position ~= '' and acknowledge(KEYS[6], position) then
  trim(KEYS[7], KEYS[8], position)
end
return fresh and 1 or 0
