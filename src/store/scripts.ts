// The changes of a record that must be atomic, each a small Lua script. All begin with TRANSITION and the same keys.
import { TRANSITION } from './transition-script.js';

/**
 * Claims a deployment id for a new attempt, unless it is queued or building. The id of a lost runner's job is free, but
 * not when the job came from the queue: then it will be built again. The artifact of the last READY build is still there, so
 * the record keeps saying where, until WRITE has a new one.
 * KEYS: …, index, payload. ARGV: attempt, lease ms (0: none), created at (ms), retention s, deployment, first and last member of
 * the user in `unfinished`, the most unfinished jobs that the user may have then, the project, the most bytes of logs and of
 * artifacts, the sealed payload ('' for none) and for how many seconds it is kept, then field, value, …
 * Returns how many unfinished jobs the user then has, 0 when the id is held, -1 when there are too many, or an Excess.
 */
export const CLAIM = `${TRANSITION}
if before == 'QUEUED' or (before == 'BUILDING' and (isAlive() or get('_queue_job_id'))) then return 0 end
if redis.call('ZLEXCOUNT', unfinished, ARGV[6], ARGV[7]) >= tonumber(ARGV[8]) then return -1 end
-- Changes nothing. A Redis that is full refuses it, and would not refuse what comes after something that removes.
redis.call('SETRANGE', lease, 0, '')
local excess = tooMuch(ARGV[5], ARGV[9], ARGV[10], ARGV[11])
if excess then return excess end
local last, releases = get('last_artifact'), get('releases')
if before == 'READY' or get('reason') == 'upload_failed' then last = get('artifact') end
if last and cjson.decode(last).removedAt then last = false end
redis.call('DEL', job, lease, log, KEYS[9])
before = false
redis.call('HSET', job, unpack(ARGV, 14))
if ARGV[12] ~= '' then redis.call('SET', KEYS[9], ARGV[12], 'EX', ARGV[13]) end
if last then redis.call('HSET', job, 'last_artifact', last) end
if releases then redis.call('HSET', job, 'releases', releases) else redis.call('EXPIRE', job, ARGV[4]) end
if ARGV[2] ~= '0' then redis.call('SET', lease, ARGV[1], 'PX', ARGV[2]) end
redis.call('ZADD', KEYS[8], ARGV[3], ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[8], '-inf', ARGV[3] - ARGV[4] * 1000)
redis.call('EXPIRE', KEYS[8], ARGV[4])
statusChanged()
return redis.call('ZLEXCOUNT', unfinished, ARGV[6], ARGV[7])`;

/**
 * Claims a queued job for a new attempt, so that an earlier attempt can no longer write.
 * ARGV: queue job, attempt, lease ms, then field, value, …
 * Returns how often the job was claimed and how often its runner was lost; or 'held' when it is building, 'gone' when it
 * has ended or the id has another job by now.
 */
export const CLAIM_QUEUED = `${TRANSITION}
if get('_queue_job_id') ~= ARGV[1] or isFinal(before) then return 'gone' end
if before ~= 'QUEUED' then return 'held' end
redis.call('HSET', job, unpack(ARGV, 4))
redis.call('HDEL', job, 'waits_for')
redis.call('SET', lease, ARGV[2], 'PX', ARGV[3])
statusChanged()
local lost = tonumber(get('_lost') or '0') + tonumber(get('_lost_in_company') or '0')
return {redis.call('HINCRBY', job, '_claims', 1), lost}`;

/** Notes why a queued job waits, while it does. ARGV: queue job, why. */
export const WAITS = `${TRANSITION}
if get('_queue_job_id') == ARGV[1] and before == 'QUEUED' then redis.call('HSET', job, 'waits_for', ARGV[2]) end`;

/**
 * Writes fields of a record, and renews or ends the lease, if the record still belongs to this attempt or has expired.
 * ARGV: attempt, lease ms (0 ends it), retention s, the final status if this is the last write, then field, value, …
 * Returns 'stale' when another attempt has the id or the job has ended otherwise; else 'cancel:<why>' when a cancel was
 * requested; else 'ok'.
 */
export const WRITE = `${TRANSITION}
local owner = attempt()
if owner and owner ~= ARGV[1] then return 'stale' end
if isFinal(before) and before ~= ARGV[4] then return 'stale' end
redis.call('HSET', job, unpack(ARGV, 5))
if get('artifact') then redis.call('HDEL', job, 'last_artifact') end
if not get('releases') then redis.call('EXPIRE', job, ARGV[3]) end
if ARGV[2] == '0' then redis.call('DEL', lease) else redis.call('SET', lease, ARGV[1], 'PX', ARGV[2]) end
statusChanged()
local why = get('cancel_requested')
if why then return 'cancel:' .. why end
return 'ok'`;

/**
 * Puts the job of a runner that stops back into its queue. ARGV: attempt.
 * Returns 'ok'; 'cancel:<why>' when a cancel was requested, which then ends the job; 'stale' as WRITE does.
 */
export const REQUEUE = `${TRANSITION}
if attempt() ~= ARGV[1] or isFinal(before) then return 'stale' end
local why = get('cancel_requested')
if why then return 'cancel:' .. why end
backToQueue()
statusChanged()
return 'ok'`;

/**
 * Puts the job of an attempt that has lost its container back into its queue. ARGV: attempt.
 * Returns as REQUEUE does, or 'ends' when the job is in no queue, or was lost before.
 */
export const REQUEUE_LOST = `${TRANSITION}
if attempt() ~= ARGV[1] or isFinal(before) then return 'stale' end
local why = get('cancel_requested')
if why then return 'cancel:' .. why end
if not lostToQueue() then return 'ends' end
statusChanged()
return 'ok'`;

/**
 * Marks an attempt as lost: the record says BUILDING, but the lease has expired. A job from the queue goes back into it
 * the first time. Otherwise it ends, as CANCELED if that was requested. Jobs that were lost in company are built alone
 * later (queue/company.ts), so the bound above only keeps the promise that each job ends. ARGV: the attempt that was seen, then field, value, … of the end.
 */
export const MARK_LOST = `${TRANSITION}
if before ~= 'BUILDING' or attempt() ~= ARGV[1] or isAlive() then return end
local why = get('cancel_requested')
if why or not lostToQueue() then
  redis.call('HSET', job, unpack(ARGV, 2))
  if why then
    redis.call('HSET', job, 'status', 'CANCELED', 'reason', 'canceled', 'message', why)
    redis.call('HDEL', job, 'remedy', 'fault', 'extract')
  end
end
statusChanged()`;

/** Notes whether the runner of a queued job has others at the same time. KEYS: job. ARGV: 1 or 0. */
export const NOTE_COMPANY = `
if redis.call('EXISTS', KEYS[1]) == 0 then return end
if ARGV[1] == '1' then redis.call('HSET', KEYS[1], '_company', 1) else redis.call('HDEL', KEYS[1], '_company') end`;

/**
 * Requests a cancel. A job that nobody builds ends at once; one that has ended stays as it is. ARGV: channel, why, then
 * field, value, … of the end. Returns the status before.
 */
export const CANCEL = `${TRANSITION}
if before == 'QUEUED' or (before == 'BUILDING' and get('_queue_job_id') and not isAlive()) then
  redis.call('HSET', job, unpack(ARGV, 3))
  statusChanged()
end
if before == 'QUEUED' or before == 'BUILDING' then
  redis.call('HSET', job, 'cancel_requested', ARGV[2])
  redis.call('PUBLISH', ARGV[1], ARGV[2])
end
return before`;

/**
 * Ends a deployment that is QUEUED but in no queue. KEYS: …, the BullMQ job. ARGV: created before (ms), its queue job
 * ('' for any), then field, value, … of the end. Returns 1 if this call ended it.
 */
export const ABANDON = `${TRANSITION}
if before ~= 'QUEUED' or redis.call('EXISTS', KEYS[8]) == 1 then return 0 end
local age = tonumber(ARGV[1]) - tonumber(get('created_at'))
-- One of tomorrow is from before the clock was set back.
if age < 0 and age > -3600000 then return 0 end
if ARGV[2] ~= '' and get('_queue_job_id') ~= ARGV[2] then return 0 end
redis.call('HSET', job, unpack(ARGV, 3))
statusChanged()
return 1`;

/** Whether the user of a recorded job keeps too much. ARGV: the most bytes of logs and of artifacts. Returns an Excess, or nothing. */
export const TOO_MUCH = `${TRANSITION}
if not get('deployment') then return end
return tooMuch(get('deployment'), get('project'), ARGV[1], ARGV[2])`;

/**
 * Notes that an archive is no more, before its files go. ARGV: the attempt as it was seen ('' without a record), the field that
 * describes the archive ('' if none does) and what that says from now on, its deployment, and the project under which its user keeps
 * it ('' if they do not).
 * Returns 1, or 0 when the job is queued or building, or another one than was seen, or is released: then the archive has to stay.
 */
export const REMOVE_ARTIFACT = `${TRANSITION}
if before == 'QUEUED' or before == 'BUILDING' or (attempt() or '') ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' and get('releases') then return 0 end
if ARGV[2] ~= '' then redis.call('HSET', job, ARGV[2], ARGV[3]) end
if ARGV[5] ~= '' then forget(nameOfArtifact(ARGV[5], ARGV[4])) end
return 1`;
