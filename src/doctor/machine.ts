// What the doctor looks at on this machine: the data directory, the code, the clocks, the room for builds.

import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { engineAddress } from '../docker/engine.js';
import { type EngineInfo, engineInfo } from '../docker/engine-info.js';
import { showBytes } from '../job/quantity.js';
import { showSpace, spaceAt } from '../settings/free-space.js';
import { prepareHome } from '../settings/make-directory.js';
import { type Examination, type Finding, quoted } from './finding.js';
import { isAtLeast } from './versions.js';

const OLDEST_NODE = '20.20';

/** Whether this Node can run it, and whether what runs was compiled from the sources that are here. */
export async function lookAtCode({ code }: Examination): Promise<Finding[]> {
  const { node } = process.versions;
  const found = `koalaci ${code.version}, Node ${node}`;
  if (!isAtLeast(node, OLDEST_NODE)) {
    const remedy = `koalaci needs Node ${OLDEST_NODE} or newer.`;
    return [{ check: 'code', level: 'error', found, remedy, commands: ['sudo apt-get install nodejs'] }];
  }
  const [source, compiled] = await Promise.all(
    ['src', 'dist'].map((part) => newestIn(join(code.directory, part))),
  );
  if (!source || !compiled || source <= compiled) return [{ check: 'code', level: 'ok', found }];
  return [
    {
      ...{
        check: 'code',
        level: 'warning',
        found: `${found}: it was compiled before its sources last changed`,
      },
      remedy: 'Compile it, and start the daemon again.',
      commands: [`npm --prefix ${quoted(code.directory)} run compile`],
    },
  ];
}

/** When a file in a directory was last written; undefined if there is none. */
async function newestIn(directory: string): Promise<number | undefined> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const files = await Promise.all(names.map((name) => stat(join(directory, name)).catch(() => undefined)));
  const times = files.flatMap((file) => (file?.isFile() ? [file.mtimeMs] : []));
  return times.length > 0 ? Math.max(...times) : undefined;
}

export async function lookAtHome({ home, installation, settings }: Examination): Promise<Finding[]> {
  prepareHome(home);
  const space = await spaceAt(home, settings.diskFree);
  const found = `${home} (installation ${installation})${space ? `, ${showSpace(space)}` : ''}`;
  if (!space || space.free >= space.reserved) return [{ check: 'home', level: 'ok', found }];
  const remedy =
    'No build begins until there is more: remove old artifacts, or set KOALACI_HOME to a directory on a larger disk.';
  return [
    {
      check: 'home',
      level: 'warning',
      found,
      remedy,
      commands: ['koalaci artifacts prune', `du -xsh ${quoted(home)}/*`],
    },
  ];
}

/** Whether the engine is on the machine whose files this process sees: not in a container that was given its socket. */
export async function isEngineHere({
  machine,
  root,
}: Pick<EngineInfo, 'machine' | 'root'>): Promise<boolean> {
  const { host } = await engineAddress();
  return host.startsWith('unix:') && machine === hostname() && existsSync(root);
}

/** How far two clocks may differ: less than what leases and signatures bear. */
const DRIFT_MS = 5_000;

/** What a clock says, and between which times of ours it said so. */
export interface Reading {
  whose: string;
  time: number;
  before: number;
  after: number;
}

/** By how much a clock is surely wrong, in milliseconds. Pure. */
export function driftOf({ time, before, after }: Reading): number {
  return time < before ? before - time : Math.max(0, time - after);
}

/** The engine's clock and that of Redis, whose times leases and tokens are compared with. */
export async function lookAtClock({ withRedis }: Examination): Promise<Finding[]> {
  const engine = reading('the engine', async () => (await engineInfo()).time);
  const redis = withRedis((connected) =>
    reading('Redis', async () => {
      const [seconds = 0, micros = 0] = (await connected.time()).map(Number);
      return seconds * 1000 + micros / 1000;
    }),
  );
  const read = await Promise.allSettled([engine, redis]);
  const known = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const wrong = known.filter((one) => driftOf(one) > DRIFT_MS);
  if (wrong.length === 0) {
    const whose = known.map((one) => one.whose).join(' and ') || 'itself: no other was asked';
    return [{ check: 'clock', level: 'ok', found: `agrees with ${whose}` }];
  }
  return wrong.map((one) => ({
    check: 'clock',
    level: 'warning',
    found: `the clock of ${one.whose} and that of this machine differ by ${Math.round(driftOf(one) / 1000)} s`,
    remedy: 'Tokens, callbacks and leases are judged by them: have both machines set by NTP.',
    commands: ['sudo timedatectl set-ntp true'],
  }));
}

async function reading(whose: string, ask: () => Promise<number>): Promise<Reading> {
  const before = Date.now();
  const time = await ask();
  return { whose, time, before, after: Date.now() };
}

/** The engine and the rest of the machine need some, too. */
const PART_FOR_BUILDS = 0.9;

export async function lookAtCapacity({ settings, concurrency }: Examination): Promise<Finding[]> {
  return capacityFindings(settings, concurrency, await engineInfo());
}

/** Whether so many builds fit on the engine's machine at once. Pure. */
export function capacityFindings(
  { memory, cpus }: Pick<Examination['settings'], 'memory' | 'cpus'>,
  concurrency: number,
  has: Pick<EngineInfo, 'memory' | 'cpus'>,
): Finding[] {
  const builds = concurrency === 1 ? '1 build' : `${concurrency} builds`;
  const found = `${builds} at once, each with ${showBytes(memory)} and ${cpus} processors; the machine has ${showBytes(has.memory)} and ${has.cpus}`;
  const fit = Math.floor((has.memory * PART_FOR_BUILDS) / memory);
  if (cpus > has.cpus) {
    const remedy = 'The engine refuses to run such a build.';
    return [
      { check: 'capacity', level: 'error', found, remedy, commands: [`export KOALACI_CPUS=${has.cpus}`] },
    ];
  }
  if (fit >= concurrency) return [{ check: 'capacity', level: 'ok', found }];
  const each = Math.floor((has.memory * PART_FOR_BUILDS) / concurrency / 1024 ** 2);
  return [
    {
      ...{ check: 'capacity', level: 'warning', found },
      remedy:
        'If all use what they may, the kernel ends some of them: have fewer at once, or give each less.',
      commands: [
        ...(fit > 0 ? [`koalaci serve --concurrency ${fit}`] : []),
        `export KOALACI_MEMORY=${each}m`,
      ],
    },
  ];
}
