-- Says that a worker is there, and counts those that are, by Redis's own clock.
--
-- KEYS  1 workers
-- ARGV  1 the worker, 2 how long it counts without a word, milliseconds
-- Returns how many there are; as a negative number where Redis did not know this one.
local now = redis.call('TIME')
local millis = now[1] * 1000 + math.floor(now[2] / 1000)
local added = redis.call('ZADD', KEYS[1], string.format('%.0f', millis), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', millis - tonumber(ARGV[2])))
local count = redis.call('ZCARD', KEYS[1])
return added == 1 and -count or count
