-- Let nobody be served a record of an earlier version than this one.
-- KEYS[1] record; ARGV: version, seconds to live. 1 if what was there is gone, else 0.
-- The version stays: a slow reader who made a record from an earlier state must not put it back.
local held = redis.call('HGET', KEYS[1], 'version')
if held and tonumber(held) >= tonumber(ARGV[1]) then
  return 0
end
redis.call('HDEL', KEYS[1], 'day', 'body')
redis.call('HSET', KEYS[1], 'version', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
