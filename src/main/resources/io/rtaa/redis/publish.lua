-- Publishes one transcript event, remembers how far its call came, and acknowledges the audio the event covers: all of
-- it or nothing, and nothing at all for a worker that has lost the lease on the audio or has published the event
-- before, or for a call that was erased. A call whose start Redis has lost gets it published again before the event, where the publisher has it.
--
-- KEYS  1 call, 2 ids of the call's recent events, 3 transcripts, 4 partials, 5 live calls,
--       6 record of the audio's group, 7 audio, 8 groups of the audio
-- ARGV  1 token of the lease, empty where there is none, 2 position to acknowledge, empty for none
--       3 type of the event, 4 seq, 5 the event, 6 name of the call
--       7 how long transcripts are kept, milliseconds, 8 how long a call that is over is remembered, milliseconds
--       9 partials kept, 10 recent events kept
--       11 the call's start as an event; '?' where the publisher can send it, empty where it cannot
-- Returns 1 published, 0 published before, -1 fenced, -2 nothing done: the publisher is to send the call's start too.
local token, position, kind, seq, start = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[11]
if token ~= '' and not holds(KEYS[6], token, KEYS[7], KEYS[8]) then
  return -1
end
local known = redis.call('HMGET', KEYS[1], 'started', 'last', 'over', 'erased')
local started, last, over, erased = known[1], tonumber(known[2] or '-1'), known[3], known[4]
if kind == 'call_started' and over and started ~= ARGV[5] then
  redis.call('HDEL', KEYS[1], 'over', 'erased')
  -- An id that starts again after its end goes on where its seq does; else it is another call.
  if seq <= last then
    redis.call('DEL', KEYS[1], KEYS[2])
    last = -1
  end
elseif kind ~= 'call_started' and not started and start == '?' then
  return -2
end

-- Adds to the log what is kept.
local function append(event)
  local now = redis.call('TIME')
  local oldest = string.format('%.0f', now[1] * 1000 - tonumber(ARGV[7]))
  local id = redis.call('XADD', KEYS[3], 'MINID', '~', oldest, '*', 'e', event)
  redis.call('PEXPIRE', KEYS[3], ARGV[7])
  redis.call('RPUSH', KEYS[2], id)
  redis.call('LTRIM', KEYS[2], -tonumber(ARGV[10]), -1)
end

local function begin(event)
  redis.call('HSET', KEYS[1], 'started', event)
  if token ~= '' then
    redis.call('SADD', KEYS[5], ARGV[6])
  end
end

-- What still comes of a call that was erased is dropped.
local fresh = seq > last and (kind == 'call_started' or not erased)
local remembered = ARGV[7]
if fresh and kind ~= 'call_started' and not started and start ~= '' then
  append(start)
  begin(start)
  redis.call('HSETNX', KEYS[1], 'last', 0)
end
if fresh and kind == 'partial' then
  redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[9], '*', 'e', ARGV[5])
elseif fresh then
  append(ARGV[5])
  redis.call('HSET', KEYS[1], 'last', ARGV[4])
  if kind == 'call_started' then
    begin(ARGV[5])
  elseif kind == 'call_ended' then
    redis.call('HSET', KEYS[1], 'over', 1)
    redis.call('SREM', KEYS[5], ARGV[6])
    remembered = ARGV[8]
  end
end
if fresh then
  redis.call('PEXPIRE', KEYS[1], remembered)
  redis.call('PEXPIRE', KEYS[2], remembered)
end
if position ~= '' and acknowledge(KEYS[6], position) then
  trim(KEYS[7], KEYS[8], position)
end
return fresh and 1 or 0
