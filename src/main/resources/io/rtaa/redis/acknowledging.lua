-- Put before the scripts that acknowledge. Ids of entries are compared as the pairs of numbers they are.
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
