-- Takes a lease that nobody has, and shuts out whoever had it before.
--
-- KEYS  1 lease, 2 record of the group, 3 groups of the log
-- ARGV  1 who takes it, 2 for how long, milliseconds, 3 the group
-- Returns the token and the position to read from; nothing where somebody has the lease.
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return {}
end
-- A count alone would begin again where Redis lost its data, and a token of before would be good once more.
local now = redis.call('TIME')
local token = now[1] .. '.' .. now[2] .. ':' .. ARGV[1]
-- Tokens rise, whatever the clock does: a later one shuts the earlier ones out.
local before = redis.call('HGET', KEYS[2], 'fence')
if before and not later(token, before) then
  local seconds = string.match(before, '%d+')
  token = string.format('%.0f', tonumber(seconds) + 1) .. '.0:' .. ARGV[1]
end
redis.call('HSET', KEYS[2], 'fence', token)
redis.call('SADD', KEYS[3], ARGV[3])
return {token, redis.call('HGET', KEYS[2], 'position') or '0-0'}
