-- Gives back a use of a thing; does nothing where none is remembered.
--
-- KEYS  1 how many are taken
-- Returns 1.
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then
  redis.call('DECR', KEYS[1])
end
return 1
