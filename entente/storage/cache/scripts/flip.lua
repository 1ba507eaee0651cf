-- Let readers see the generation that was built.
-- KEYS[1] current, KEYS[2] building; ARGV: the generation, the name of the first one.
-- The name of the generation that readers saw before, or false if this one is no longer the one being built: then
-- writers have not been writing into it all along, and it may lack what they wrote.
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return false
end
local before = redis.call('GET', KEYS[1]) or ARGV[2]
redis.call('SET', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return before
