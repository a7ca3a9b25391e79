// Checks everything that a build needs from this machine. Each check says what it found, how to fix what is wrong, and what to type.
import { join } from 'node:path';
import { redisName } from '../docker/names.js';
import { buildImage, lookAtDisk, lookAtEngine, lookAtImage, lookAtWalls, startEngine } from './engine.js';
import { type Check, type Examination, type Finding, hasPrivateRedis, problem, quoted } from './finding.js';
import { lookAtCapacity, lookAtClock, lookAtCode, lookAtHome } from './machine.js';
import { lookAtFirewall, lookAtNetwork, lookAtRegistry } from './network.js';
import { lookAtRedis, lookAtRedisContainers, lookAtSchema, redisCli } from './redis.js';
import {
  editTargets,
  lookAtCertificates,
  lookAtCredentials,
  lookAtLimits,
  lookAtSecrets,
  lookAtSettings,
  lookAtSigningKey,
  lookAtTargets,
} from './service.js';

const engine = () => ['engine'];
const image = () => ['engine', 'image'];
/** koalaci's own Redis is a container of the image, with its data in the data directory. */
const privately = (examination: Examination) =>
  hasPrivateRedis(examination) ? ['home', 'engine', 'image'] : [];

const CHECKS: Check[] = [
  {
    name: 'token',
    look: ({ authenticate }) => `for the user ${authenticate()}`,
    commands: () => ['koalaci init'],
  },
  { name: 'secret', look: lookAtSecrets, commands: () => ['koalaci init --force'] },
  { name: 'code', look: lookAtCode, commands: () => ['koalaci --version'] },
  { name: 'home', look: lookAtHome, commands: makeHome },
  { name: 'engine', look: lookAtEngine, commands: (_, error) => startEngine(error) },
  { name: 'walls', needs: engine, look: lookAtWalls, commands: () => ['docker info'] },
  { name: 'image', needs: engine, look: lookAtImage, commands: ({ code }) => [buildImage(code.directory)] },
  { name: 'disk', needs: image, look: lookAtDisk, commands: () => ['docker system df'] },
  { name: 'capacity', needs: engine, look: lookAtCapacity, commands: () => ['docker info'] },
  { name: 'network', needs: engine, look: lookAtNetwork, commands: () => ['docker network ls'] },
  {
    name: 'firewall',
    needs: () => ['engine', 'network'],
    look: lookAtFirewall,
    commands: () => ['sudo iptables -S'],
  },
  { name: 'redis', needs: privately, look: lookAtRedis, commands: askRedis },
  {
    name: 'schema',
    needs: (all) => ['redis', ...privately(all)],
    look: lookAtSchema,
    commands: () => ['npm install --global koalaci@latest'],
  },
  {
    name: 'containers',
    needs: image,
    look: lookAtRedisContainers,
    commands: () => ['docker ps --all --filter label=koalaci.redis'],
  },
  { name: 'clock', needs: engine, look: lookAtClock, commands: () => ['date'] },
  { name: 'registry', needs: engine, look: lookAtRegistry, commands: () => ['docker info'] },
  {
    name: 'certificates',
    look: lookAtCertificates,
    commands: ({ settings }) => [
      `unset ${settings.extraCaCerts ? 'KOALACI_EXTRA_CA_CERTS' : 'NODE_EXTRA_CA_CERTS'}`,
    ],
  },
  {
    name: 'credentials',
    look: lookAtCredentials,
    commands: ({ settings }) => [`chmod 600 ${quoted(settings.credentials ?? '')}`],
  },
  { name: 'signing', look: lookAtSigningKey, commands: () => ['koalaci init'] },
  { name: 'targets', look: lookAtTargets, commands: editTargets },
  { name: 'limits', look: lookAtLimits, commands: () => [] },
  { name: 'settings', look: lookAtSettings, commands: () => [] },
];

/** What an upgrade is about: the code, the image, the data in Redis. */
export const UPGRADE = ['code', 'engine', 'image', 'redis', 'schema', 'containers'];

/**
 * Runs every check, one after the other; only those named, if some are. A failed check does not stop the others, but those that would only find
 * the same cause again.
 */
export async function examine(examination: Examination, only?: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of CHECKS.filter(({ name }) => only?.includes(name) ?? true)) {
    const needs = check.needs?.(examination) ?? [];
    const isKnown = (one: Finding) => one.level === 'error' && needs.includes(one.check);
    if (findings.some(isKnown)) continue;
    const known = new Set(findings.filter(({ level }) => level === 'error').map(({ found }) => found));
    findings.push(...(await attempt(check, examination)).filter(({ found }) => !known.has(found)));
  }
  return findings;
}

async function attempt({ name, look, commands }: Check, examination: Examination): Promise<Finding[]> {
  try {
    const found = await look(examination);
    return typeof found === 'string' ? [{ check: name, level: 'ok', found }] : found;
  } catch (error) {
    return [problem(name, error, commands(examination, error))];
  }
}

function makeHome({ home }: Examination): string[] {
  return [`sudo install -d -o "$(id -un)" ${quoted(home)}`];
}

function askRedis(examination: Examination): string[] {
  if (!hasPrivateRedis(examination)) return [`${redisCli(examination)} PING`];
  return [`docker logs ${redisName(join(examination.home, 'redis'))}`];
}
