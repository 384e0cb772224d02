-- Put before the scripts that need a lease or acknowledge. Ids of entries are compared as the pairs of numbers they
-- are.
local function after(one, other)
  local oneMillis, oneNumber = string.match(one, '(%d+)-(%d+)')
  local otherMillis, otherNumber = string.match(other, '(%d+)-(%d+)')
  if oneMillis ~= otherMillis then
    return tonumber(oneMillis) > tonumber(otherMillis)
  end
  return tonumber(oneNumber) > tonumber(otherNumber)
end

-- Moves a group's position forward, never back.
local function acknowledge(record, position)
  local before = redis.call('HGET', record, 'position')
  if before and not after(position, before) then
    return false
  end
  redis.call('HSET', record, 'position', position)
  return true
end

-- Lets go of what every group of a log has acknowledged. A group that has not begun keeps all of it.
local function trim(log, groups, position)
  local lowest = position
  for _, group in ipairs(redis.call('SMEMBERS', groups)) do
    local other = redis.call('HGET', log .. ':' .. group, 'position')
    if not other then
      return
    end
    if after(lowest, other) then
      lowest = other
    end
  end
  local millis, number = string.match(lowest, '(%d+)-(%d+)')
  redis.call('XTRIM', log, 'MINID', millis .. '-' .. string.format('%.0f', tonumber(number) + 1))
end

-- Whether a token was given later than another: both begin with the time of that, seconds and microseconds.
local function later(token, other)
  local seconds, micros = string.match(token, '(%d+)%.(%d+):')
  local otherSeconds, otherMicros = string.match(other, '(%d+)%.(%d+):')
  if seconds ~= otherSeconds then
    return tonumber(seconds) > tonumber(otherSeconds)
  end
  return tonumber(micros) > tonumber(otherMicros)
end

-- Whether a lease is good: no other worker took it after the one that shows this token. Where Redis has lost the
-- group's record, or came back with an older one, the lease is as good as before, and the record is made again. The
-- record's name is that of its log, ':' and the group.
local function holds(record, token, log, groups)
  local fence = redis.call('HGET', record, 'fence')
  if fence == token then
    return true
  end
  if fence and not later(token, fence) then
    return false
  end
  redis.call('HSET', record, 'fence', token)
  redis.call('SADD', groups, string.sub(record, #log + 2))
  return true
end
