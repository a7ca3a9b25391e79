// Settings of builds: their limits, and what koalaci keeps for the next build.
import { availableParallelism } from 'node:os';
import { parseBytes, parseCount, parseDuration, showBytes } from '../job/quantity.js';
import { parseReserve } from './free-space.js';
import {
  atLeast,
  oneOf,
  parseDays,
  parseDaysOrNone,
  parseRuntime,
  parseSecondsOrOff,
  parseSwitch,
  parseText,
} from './parsers.js';
import type { SettingRow } from './row.js';

/** With less, the entrypoint, git and Node do not even start. */
const LEAST_MEMORY = 64 * 1024 ** 2;
const LEAST_PIDS = 50;

export const BUILD_ROWS = {
  timeout: {
    name: 'KOALACI_TIMEOUT',
    parse: parseDuration,
    default: '45m',
    says: 'total time of a build',
  },
  silence: {
    name: 'KOALACI_SILENCE',
    parse: parseDuration,
    default: '15m',
    says: 'time without any output',
  },
  memory: {
    name: 'KOALACI_MEMORY',
    parse: atLeast(LEAST_MEMORY, parseBytes, showBytes),
    default: '4g',
    says: 'memory of a build, swap included',
  },
  cpus: {
    name: 'KOALACI_CPUS',
    parse: parseCount,
    default: String(availableParallelism()),
    defaultSays: 'all',
    says: 'processors of a build',
  },
  pids: {
    name: 'KOALACI_PIDS',
    parse: atLeast(LEAST_PIDS, parseCount, String),
    // Threads count too: with less than about 1,000, Next, Jest and esbuild fail on machines with many cores.
    default: '4096',
    says: 'processes and threads of a build',
  },
  runtime: {
    name: 'KOALACI_RUNTIME',
    parse: parseRuntime,
    says: "the engine's runtime for builds, such as `runsc` or `kata`; see [Stronger walls](#stronger-walls)",
  },
  diskLimit: {
    name: 'KOALACI_DISK_LIMIT',
    parse: parseBytes,
    default: '20g',
    says: 'bytes that a build may write to disk, holes in files included; see [Disk](#disk)',
  },
  inodeLimit: {
    name: 'KOALACI_INODE_LIMIT',
    parse: parseCount,
    // A large monorepo's dependencies are a few hundred thousand.
    default: '1000000',
    says: 'files and directories that a build may make',
  },
  diskFree: {
    name: 'KOALACI_DISK_FREE',
    parse: parseReserve,
    default: '10%,5g',
    says: 'space on the disks of the engine and of the data directory below which no build begins: a size, a part, or the smaller one of both; see [Disk](#disk)',
  },
  outputLimit: {
    name: 'KOALACI_OUTPUT_LIMIT',
    parse: parseBytes,
    default: '256m',
    says: 'bytes of output after which a build is stopped',
  },
  logLimit: {
    name: 'KOALACI_LOG_LIMIT',
    parse: parseBytes,
    default: '16m',
    says: 'bytes of log to keep; of a longer log, the head and the tail are kept',
  },
  artifactLimit: {
    name: 'KOALACI_ARTIFACT_LIMIT',
    parse: parseBytes,
    default: '1g',
    says: 'size of the dist directory',
  },
  artifactEntries: {
    name: 'KOALACI_ARTIFACT_ENTRIES',
    parse: parseCount,
    // Ten times what hosts for static sites take. What packs them remembers the name of each.
    default: '200000',
    says: 'files, directories and links in the dist directory',
  },
  artifactPath: {
    name: 'KOALACI_ARTIFACT_PATH',
    parse: parseBytes,
    // macOS unpacks no longer one; Linux has four times that, with the directory where it is unpacked.
    default: '1k',
    says: 'size of a path in the dist directory',
  },
  artifactDepth: {
    name: 'KOALACI_ARTIFACT_DEPTH',
    parse: parseCount,
    // Who walks through it calls a function in itself for each. Real sites have ten, dependencies in dependencies thirty.
    default: '100',
    says: 'directories inside each other in the dist directory',
  },
  secretScan: {
    name: 'KOALACI_SECRET_SCAN',
    parse: oneOf('off', 'warn', 'fail'),
    default: 'fail',
    says: 'what becomes of a build that would ship a secret of the job: `fail`, `warn` or `off`; see [Secrets in artifacts](#secrets-in-artifacts)',
  },
  cacheLimit: {
    name: 'KOALACI_CACHE_LIMIT',
    parse: parseBytes,
    default: '20g',
    says: 'size of all snapshots together, without the builder image; who has most gives first',
  },
  toolCacheLimit: {
    name: 'KOALACI_TOOL_CACHE_LIMIT',
    parse: parseBytes,
    // A tenth of KOALACI_CACHE_LIMIT, so that one project's caches do not push out all other snapshots.
    default: '2g',
    says: 'size of the tool caches in one snapshot; above it, what no build has read for the longest time goes',
  },
  downloadCacheLimit: {
    name: 'KOALACI_DOWNLOAD_CACHE_LIMIT',
    parse: parseBytes,
    default: '4g',
    says: 'size of the downloads (packages, browsers) in one snapshot; above it, the largest go',
  },
  frozenLockfile: {
    name: 'KOALACI_FROZEN_LOCKFILE',
    parse: parseSwitch,
    default: '0',
    defaultSays: '',
    says: '`1`: a project with dependencies and without a lockfile is refused, unless the job has `frozen_lockfile: false`',
  },
  snapshotRegistry: {
    name: 'KOALACI_SNAPSHOT_REGISTRY',
    parse: parseText,
    says: 'a registry with a path, through which machines share snapshots',
    secret: 'password',
  },
  keepFailed: {
    name: 'KOALACI_KEEP_FAILED',
    parse: parseSwitch,
    default: '0',
    defaultSays: '',
    says: "`1`: the container of a build that failed is kept for half an hour, without the job's secrets; see [Debugging](#debugging)",
  },
  standbySeconds: {
    name: 'KOALACI_STANDBY',
    parse: parseSecondsOrOff,
    default: '10m',
    says: 'how long containers wait for the next build of a branch, eight at most, two for a branch; `off` for none',
  },
  postBuildMs: {
    name: 'KOALACI_POST_BUILD_TIMEOUT',
    parse: parseDuration,
    default: '5m',
    says: 'how long a container may clean up after its build; then it is removed, and leaves no snapshot',
  },
  snapshotLayers: {
    name: 'KOALACI_SNAPSHOT_LAYERS',
    parse: parseCount,
    default: '40',
    says: 'a snapshot with this many layers is flattened',
  },
  retentionSeconds: {
    name: 'KOALACI_RETENTION_DAYS',
    parse: parseDays,
    default: '30',
    says: 'how long records and logs are kept',
  },
  rerunSeconds: {
    name: 'KOALACI_RERUN_DAYS',
    parse: parseDaysOrNone,
    default: '7',
    says: 'how long jobs are kept, encrypted, so that `koalaci rerun` can build them again; `0`: never; no longer than their records',
  },
} as const satisfies Record<string, SettingRow>;
