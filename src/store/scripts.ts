// What must be atomic in Redis: one small Lua script each.

/**
 * Takes a deployment id for a new run, unless it is queued or building under a live lease.
 * KEYS: job, log, lease, index. ARGV: run, lease ms, created at (ms), retention s, deployment, then field, value, …
 * Returns 1 when taken, 0 when it is held.
 */
export const CLAIM = `
local status = redis.call('HGET', KEYS[1], 'status')
local alive = redis.call('EXISTS', KEYS[3]) == 1
if status == 'QUEUED' or (status == 'BUILDING' and alive) then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[1], unpack(ARGV, 6))
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', ARGV[3] - ARGV[4] * 1000)
redis.call('EXPIRE', KEYS[4], ARGV[4])
return 1`;

/**
 * Writes fields of a record, and renews or ends the lease, if the record still belongs to this run (or is gone).
 * KEYS: job, lease. ARGV: run, lease ms (0 ends it), retention s, then field, value, …
 * Returns 'stale' when another run has the id, else 'cancel' when a cancel was asked for, else 'ok'.
 */
export const WRITE = `
local owner = redis.call('HGET', KEYS[1], 'run')
if owner and owner ~= ARGV[1] then return 'stale' end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
redis.call('EXPIRE', KEYS[1], ARGV[3])
if ARGV[2] == '0' then redis.call('DEL', KEYS[2]) else redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2]) end
if redis.call('HEXISTS', KEYS[1], 'cancel_requested') == 1 then return 'cancel' end
return 'ok'`;

/**
 * Ends a deployment whose runner is gone: building, but the lease has run out.
 * KEYS: job, lease. ARGV: the run that was seen, then field, value, …  Returns 1 when this call ended it.
 */
export const LOSE = `
if redis.call('HGET', KEYS[1], 'status') ~= 'BUILDING' then return 0 end
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 1`;

/**
 * Asks for a cancel. KEYS: job. ARGV: channel, run.
 * Returns the status that was found; the request is left only for a deployment that has not ended.
 */
export const CANCEL = `
local status = redis.call('HGET', KEYS[1], 'status')
if status == 'QUEUED' or status == 'BUILDING' then
  redis.call('HSET', KEYS[1], 'cancel_requested', '1')
  redis.call('PUBLISH', ARGV[1], ARGV[2])
end
return status`;
