-- Looks at a group's partitions, without changing anything.
--
-- KEYS  for each partition: lease, record of the group, log
-- Returns for each: who has the lease, position, last entry's id, id of the first entry after the position, entries in
-- the log; empty texts for what is not there. Then the time, epoch milliseconds.
local seen = {}
for i = 1, #KEYS, 3 do
  local last = redis.call('XREVRANGE', KEYS[i + 2], '+', '-', 'COUNT', 1)
  local position = redis.call('HGET', KEYS[i + 1], 'position')
  local next = redis.call('XRANGE', KEYS[i + 2], position and '(' .. position or '-', '+', 'COUNT', 1)
  seen[#seen + 1] = redis.call('GET', KEYS[i]) or ''
  seen[#seen + 1] = position or ''
  seen[#seen + 1] = last[1] and last[1][1] or ''
  seen[#seen + 1] = next[1] and next[1][1] or ''
  seen[#seen + 1] = tostring(redis.call('XLEN', KEYS[i + 2]))
end
local now = redis.call('TIME')
seen[#seen + 1] = string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000))
return seen
