-- Write a record unless a newer one is there.
-- KEYS[1] record; ARGV: version, day (YYYY-MM-DD), body, seconds to live. 1 if written, else 0.
-- A version counts the projections of a dyad: a slow writer comes with a lower one and must not win.
-- Of one version, the record of the later day stays; a version without a day is of no record (outdate.lua).
local held = redis.call('HMGET', KEYS[1], 'version', 'day')
if held[1] then
  local there, given = tonumber(held[1]), tonumber(ARGV[1])
  if there > given or (there == given and held[2] and held[2] > ARGV[2]) then
    return 0
  end
end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'day', ARGV[2], 'body', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
