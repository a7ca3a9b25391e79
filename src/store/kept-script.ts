// The part of the scripts that counts what a user keeps. Its own names are `kept` and `keptUntil`, two keys.

/**
 * What a user keeps, in a hash: the bytes of "logs:<deployment>" and "artifacts:<project>/<deployment>", and under "logs" and
 * "artifacts" what these come to. An artifact has the name of its file: a deployment that is created again in another
 * project replaces its log, and leaves its artifact. `tooMuch()` does not count what the job itself will replace.
 */
export const KEPT = `
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function nameOfLog(deployment) return 'logs:' .. deployment end
local function nameOfArtifact(project, deployment) return 'artifacts:' .. project .. '/' .. deployment end
local function bytesOf(name) return tonumber(redis.call('HGET', kept, name) or '0') end
local function add(name, bytes) redis.call('HINCRBY', kept, string.match(name, '^%a+'), bytes) end
local function keep(name, bytes, life)
  add(name, bytes - bytesOf(name))
  redis.call('HSET', kept, name, bytes)
  redis.call('ZADD', keptUntil, now() + life, name)
  for _, key in ipairs({kept, keptUntil}) do
    if redis.call('PTTL', key) < life then redis.call('PEXPIRE', key, life) end
  end
end
local function forget(name)
  if bytesOf(name) > 0 then add(name, -bytesOf(name)) end
  redis.call('HDEL', kept, name)
  redis.call('ZREM', keptUntil, name)
end
local function forgetExpired()
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', keptUntil, '-inf', now())) do forget(name) end
end
local function tooMuch(deployment, project, mostLogs, mostArtifacts)
  forgetExpired()
  local logs, artifact = nameOfLog(deployment), nameOfArtifact(project, deployment)
  for _, row in ipairs({{'logs', logs, mostLogs}, {'artifacts', artifact, mostArtifacts}}) do
    local kind, own, most = unpack(row)
    if bytesOf(kind) - bytesOf(own) >= tonumber(most) then
      local first = redis.call('ZRANGE', keptUntil, 0, 0, 'WITHSCORES')
      return {kind, bytesOf(kind), (first[2] or now()) - now()}
    end
  end
end
`;
