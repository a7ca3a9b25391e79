// The changes of what is served that must be atomic, as Lua scripts; they begin as those of records do.
import { TRANSITION } from './transition-script.js';

/**
 * Writes what is served at some targets of a project, if its lock is still ours. The records of deployments that are served or
 * kept do not expire; those of others do again. KEYS: …, releases, lock. ARGV: token, retention s, start of the keys of jobs
 * and of logs, the change as JSON. Returns 1, or 0 when another process has the lock.
 */
export const SWITCHED = `${TRANSITION}
if redis.call('GET', KEYS[9]) ~= ARGV[1] then return 0 end
local change = cjson.decode(ARGV[5])
local function record(deployment)
  job, log = ARGV[3] .. deployment, ARGV[4] .. deployment
  return redis.call('EXISTS', job) == 1
end
for target, text in pairs(change.targets) do redis.call('HSET', KEYS[8], target, text) end
for deployment, releases in pairs(change.kept) do
  if record(deployment) then
    redis.call('HSET', job, 'releases', releases)
    redis.call('PERSIST', job)
    count()
  end
end
for _, deployment in ipairs(change.dropped) do
  if record(deployment) then
    redis.call('HDEL', job, 'releases')
    redis.call('EXPIRE', job, ARGV[2])
    count()
  end
end
return 1`;

/**
 * Makes a deployment READY that ended only because it could not be uploaded. ARGV: attempt, now (ms).
 * Returns 1, or 0 when it is another attempt by now, or ended otherwise.
 */
export const UPLOADED = `${TRANSITION}
if attempt() ~= ARGV[1] or before ~= 'ERROR' or get('reason') ~= 'upload_failed' then return 0 end
redis.call('HSET', job, 'status', 'READY', 'ended_at', ARGV[2])
redis.call('HDEL', job, 'reason', 'message', 'remedy', 'exit_code', 'fault', 'extract')
statusChanged()
return 1`;

/** Notes how the upload of a READY deployment goes. ARGV: attempt, what to write. */
export const NOTE_UPLOAD = `${TRANSITION}
if attempt() == ARGV[1] and before == 'READY' then redis.call('HSET', job, 'upload', ARGV[2]) end`;
