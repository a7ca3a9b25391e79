// How the scripts begin that change a record: what they know of it, and what follows from a change of its status.
import { KEPT } from './kept-script.js';

/** What a callback tells of a record, beside its status, as the hash has it. */
const TOLD = [
  ...['project', 'attempt', 'branch', 'commit', 'steps', 'artifact'],
  ...['reason', 'step', 'exit_code', 'message', 'remedy', 'extract'],
];

/**
 * KEYS: job, lease, unfinished, changes, log, kept, kept until. `statusChanged()` updates the set of unfinished jobs, counts
 * what the job keeps, and adds the change to the stream if the job has a callback.
 */
export const TRANSITION = `
local job, lease, unfinished, changes, log, kept, keptUntil = unpack(KEYS)
${KEPT}
local function get(field) return redis.call('HGET', job, field) end
-- An older version called it "run".
local function attempt() return get('attempt') or get('run') end
local function isFinal(status) return status == 'READY' or status == 'ERROR' or status == 'CANCELED' end
local function isAlive() return redis.call('EXISTS', lease) == 1 end
local before = get('status')
-- MEMORY USAGE: what Redis needs for it, all its entries looked at. The payload waits in the queue until the job ends.
local function count()
  local deployment, life = get('deployment'), redis.call('PTTL', job)
  -- The record of a release does not expire.
  if life == -1 then life = 3e12 end
  if not deployment or life <= 0 then return end
  local bytes = redis.call('MEMORY', 'USAGE', job, 'SAMPLES', 0) + (redis.call('MEMORY', 'USAGE', log, 'SAMPLES', 0) or 0)
  if not isFinal(get('status')) then bytes = bytes + (get('_payload_bytes') or 0) end
  bytes = bytes + (get('_kept_payload_bytes') or 0)
  keep(nameOfLog(deployment), bytes, life)
  local artifact = cjson.decode(get('artifact') or '{}')
  -- Of one without an archive, what its files have.
  local size = artifact.archiveBytes or artifact.bytes
  if size and not artifact.removedAt then keep(nameOfArtifact(get('project'), deployment), size, life) end
end
local function statusChanged()
  local status, scope = get('status'), string.gsub(job, '^koalaci:job:', '')
  if isFinal(status) then redis.call('ZREM', unfinished, scope) else redis.call('ZADD', unfinished, 0, scope) end
  count()
  local callback = get('_callback')
  if status == before or not callback then return end
  local fields = {'job', scope, 'status', status, 'callback', callback, 'time', now()}
  for _, field in ipairs({${TOLD.map((field) => `'${field}'`).join(', ')}}) do
    local value = get(field)
    if value then
      fields[#fields + 1] = field
      fields[#fields + 1] = value
    end
  end
  redis.call('XADD', changes, 'MAXLEN', '~', 100000, '*', unpack(fields))
end
local function backToQueue()
  redis.call('HSET', job, 'status', 'QUEUED')
  redis.call('HDEL', job, 'started_at', 'runner', 'container', 'commit', 'node', 'manager', 'step', 'steps', 'artifact', 'reused_from')
  redis.call('HDEL', job, '_company')
  redis.call('DEL', lease)
end
-- A loss does not count while the runner built other jobs too: one of those may have been its end.
local function lostToQueue()
  local uncounted = get('_company') and tonumber(get('_lost_in_company') or '0') < 10
  if not get('_queue_job_id') or (get('_lost') and not uncounted) then return false end
  redis.call('HINCRBY', job, uncounted and '_lost_in_company' or '_lost', 1)
  backToQueue()
  return true
end
`;
