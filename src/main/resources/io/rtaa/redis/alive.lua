-- Says that a worker is there, and counts those that are, by Redis's own clock.
--
-- KEYS  1 workers
-- ARGV  1 the worker, 2 how long it counts without a word, milliseconds
-- Returns how many there are.
local now = redis.call('TIME')
local millis = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZADD', KEYS[1], string.format('%.0f', millis), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', millis - tonumber(ARGV[2])))
return redis.call('ZCARD', KEYS[1])
