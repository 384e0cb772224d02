-- How far a call came.
--
-- KEYS  1 call, 2 ids of the call's recent events, 3 transcripts
-- Returns its start as an event, its last seq, '1' where it is over, then its recent events, the oldest first; nothing for a call that is
-- not known.
local state = redis.call('HMGET', KEYS[1], 'started', 'last', 'over')
if not state[1] then
  return {}
end
local found = {state[1], state[2], state[3] or '0'}
for _, id in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  local entry = redis.call('XRANGE', KEYS[3], id, id)[1]
  if entry then
    found[#found + 1] = entry[2][2]
  end
end
return found
