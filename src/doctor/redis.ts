// What the doctor looks at of Redis: whether it keeps what it is given, and koalaci's own Redis containers.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Redis } from 'ioredis';
import { engineInfo } from '../docker/engine-info.js';
import { inspectImage } from '../docker/image.js';
import { redisName } from '../docker/names.js';
import { type RedisContainer, redisContainers } from '../docker/redis-containers.js';
import { newerSchema, SCHEMA_VERSION, schemaIn } from '../store/schema.js';
import { type Examination, type Finding, hasPrivateRedis, quoted } from './finding.js';
import { isEngineHere } from './machine.js';
import { isAtLeast } from './versions.js';

/** XAUTOCLAIM came with it; BullMQ asks for it, too. */
const FLOOR = '6.2.0';
/** Of maxmemory: with more, writes may be refused soon. */
const NEARLY_FULL = 0.9;

export async function lookAtRedis(examination: Examination): Promise<Finding[]> {
  const facts = await examination.withRedis(factsOf);
  return redisFindings(facts, redisCli(examination));
}

/** What Redis says of itself; a setting that it does not tell is undefined. */
export interface RedisFacts {
  info: Record<string, string>;
  policy: string | undefined;
  appendOnly: string | undefined;
  save: string | undefined;
}

async function factsOf(redis: Redis): Promise<RedisFacts> {
  const lines = (await redis.info()).split(/\r?\n/);
  const info = Object.fromEntries(lines.map((line) => line.split(/:(.*)/s).slice(0, 2)));
  // A service that runs Redis for others often refuses to tell.
  const config = async (name: string) =>
    redis.config('GET', name).then(
      (answer) => (answer as string[])[1],
      () => undefined,
    );
  const [policy, appendOnly, save] = await Promise.all(
    ['maxmemory-policy', 'appendonly', 'save'].map(config),
  );
  return { info, policy, appendOnly, save };
}

/** What is wrong with a Redis. `cli`: how to ask it. Pure. */
export function redisFindings({ info, policy, appendOnly, save }: RedisFacts, cli: string): Finding[] {
  const { redis_version: version = 'unknown', maxmemory = '0', used_memory = '0' } = info;
  const wrong: Omit<Finding, 'check' | 'level'>[] = [];
  if (policy !== undefined && policy !== 'noeviction')
    wrong.push({
      found: `Redis removes what it has when its memory is full (maxmemory-policy ${policy}): jobs and records get lost`,
      remedy: 'Have it refuse writes instead.',
      commands: [`${cli} CONFIG SET maxmemory-policy noeviction`, `${cli} CONFIG REWRITE`],
    });
  if (appendOnly === 'no')
    wrong.push({
      found: `Redis forgets ${save === '' ? 'everything' : 'the last minutes'} when it is restarted: it has no append-only file`,
      remedy: 'Have it write one.',
      commands: [`${cli} CONFIG SET appendonly yes`, `${cli} CONFIG REWRITE`],
    });
  if (info.aof_last_write_status === 'err' || info.rdb_last_bgsave_status === 'err')
    wrong.push({
      found: 'Redis could not save its data the last time',
      remedy: 'Its log says why: often its disk is full.',
      commands: [`${cli} INFO persistence`],
    });
  if (Number(maxmemory) > 0 && Number(used_memory) > Number(maxmemory) * NEARLY_FULL)
    wrong.push({
      found: `the memory of Redis is nearly full (${info.used_memory_human} of ${info.maxmemory_human})`,
      remedy: 'Give it more, or keep records for a shorter time (KOALACI_RETENTION_DAYS).',
      commands: [`${cli} CONFIG SET maxmemory ${Number(maxmemory) * 2}`],
    });
  const warnings = wrong.map((one): Finding => ({ check: 'redis', level: 'warning', ...one }));
  const ok: Finding = { check: 'redis', level: 'ok', found: `answers: version ${version}` };
  const all = [...unusable(info, cli), ...warnings];
  return all.length > 0 ? all : [ok];
}

/** Where koalaci cannot work with it at all. */
function unusable(
  { redis_version: version = '', role, cluster_enabled }: Record<string, string>,
  cli: string,
): Finding[] {
  const error = (found: string, remedy: string, command: string): Finding => ({
    ...{ check: 'redis', level: 'error', found, remedy, commands: [command] },
  });
  if (version && !isAtLeast(version, FLOOR))
    return [
      error(
        `Redis ${version} is too old`,
        `koalaci needs ${FLOOR} or newer.`,
        'sudo apt-get install redis-server',
      ),
    ];
  if (cluster_enabled === '1')
    return [
      error(
        'Redis is a cluster',
        'Name one that is not a cluster in REDIS_URL.',
        'export REDIS_URL=redis://HOST:6379',
      ),
    ];
  if (role === 'slave')
    return [
      error(
        'Redis is a replica, which cannot be written',
        'Name the primary in REDIS_URL.',
        `${cli} INFO replication`,
      ),
    ];
  return [];
}

/** How to ask this Redis on a command line; a password stays in its variable. */
export function redisCli(examination: Examination): string {
  if (hasPrivateRedis(examination)) {
    const name = redisName(join(examination.home, 'redis'));
    return `docker exec ${name} redis-cli -s /data/redis.sock`;
  }
  return `redis-cli -u "$${examination.settings.redisUrl ? 'REDIS_URL' : 'REDIS_HOST'}"`;
}

/** The version of koalaci's data. */
export async function lookAtSchema({ withRedis }: Examination): Promise<string> {
  const found = await withRedis(schemaIn);
  if (found > SCHEMA_VERSION) throw newerSchema(found);
  return found === SCHEMA_VERSION
    ? `version ${found}`
    : 'no daemon of this version has used it yet; what older ones wrote is read';
}

/** koalaci's own Redis: made from the image of today, and none is left of data directories that are gone. */
export async function lookAtRedisContainers({ home, settings }: Examination): Promise<Finding[]> {
  const [all, image] = await Promise.all([redisContainers(), inspectImage(settings.image)]);
  const own = all.find(({ name }) => name === redisName(join(home, 'redis')));
  const findings: Finding[] = [];
  if (own && own.image !== image.id)
    findings.push({
      ...{
        check: 'containers',
        level: 'warning',
        found: `koalaci's own Redis (${own.name}) runs from an older builder image`,
      },
      remedy: 'Remove the container: its data stays, and the next command starts it from the new image.',
      commands: [`docker rm --force ${own.name}`],
    });
  const orphans = (await isEngineHere(await engineInfo()))
    ? all.filter((one) => one !== own && isOrphan(one))
    : [];
  if (orphans.length > 0)
    findings.push({
      ...{ check: 'containers', level: 'warning' },
      found: `${orphans.length} of koalaci's own Redis containers are of data directories that are gone: ${orphans.map(({ data }) => dirname(data)).join(', ')}`,
      remedy: 'Remove them.',
      commands: [`docker rm --force ${orphans.map(({ name }) => quoted(name)).join(' ')}`],
    });
  if (findings.length > 0) return findings;
  return [
    {
      check: 'containers',
      level: 'ok',
      found: own ? `${own.name} runs from today's image` : 'none of its own is needed',
    },
  ];
}

/** The engine makes a directory that it mounts anew: so one that holds nothing else is gone, too. */
function isOrphan({ data }: RedisContainer): boolean {
  const home = dirname(data);
  return !['installation', 'config.json'].some((file) => existsSync(join(home, file)));
}
