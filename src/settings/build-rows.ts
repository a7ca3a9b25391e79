// Settings of every build: its limits, and what is kept for the next one.
import { availableParallelism } from 'node:os';
import { parseBytes, parseCount, parseDuration, showBytes } from '../job/quantity.js';
import { atLeast, parseDays, parseSecondsOrOff, parseText } from './parsers.js';
import type { SettingRow } from './row.js';

/** Below these the entrypoint itself, git and Node do not come up. */
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
    says: 'swap included',
  },
  cpus: {
    name: 'KOALACI_CPUS',
    parse: parseCount,
    default: String(availableParallelism()),
    defaultSays: 'all',
    says: 'processors',
  },
  pids: {
    name: 'KOALACI_PIDS',
    parse: atLeast(LEAST_PIDS, parseCount, String),
    // Under about 1,000 Next, Jest and esbuild fail on many cores: threads count too.
    default: '4096',
    says: 'processes and threads',
  },
  diskLimit: {
    name: 'KOALACI_DISK_LIMIT',
    parse: parseBytes,
    default: '20g',
    says: 'written by the build; looked at every 15 s',
  },
  outputLimit: {
    name: 'KOALACI_OUTPUT_LIMIT',
    parse: parseBytes,
    default: '256m',
    says: 'output at which a build is ended',
  },
  logLimit: {
    name: 'KOALACI_LOG_LIMIT',
    parse: parseBytes,
    default: '16m',
    says: 'log that is kept; of a longer one the head and the tail',
  },
  artifactLimit: {
    name: 'KOALACI_ARTIFACT_LIMIT',
    parse: parseBytes,
    default: '1g',
    says: 'bytes of the dist directory',
  },
  cacheLimit: {
    name: 'KOALACI_CACHE_LIMIT',
    parse: parseBytes,
    default: '20g',
    says: 'all snapshots together, over the builder image',
  },
  snapshotRegistry: {
    name: 'KOALACI_SNAPSHOT_REGISTRY',
    parse: parseText,
    says: 'a registry, with a path, in which machines share their snapshots',
  },
  standbySeconds: {
    name: 'KOALACI_STANDBY',
    parse: parseSecondsOrOff,
    default: '10m',
    says: 'how long a container waits for the next build of a branch, four branches at most; `off` for none',
  },
  defaultBranch: {
    name: 'KOALACI_DEFAULT_BRANCH',
    parse: parseText,
    defaultSays: 'the first one built',
    says: 'the branch whose snapshot other branches start from',
  },
  snapshotLayers: {
    name: 'KOALACI_SNAPSHOT_LAYERS',
    parse: parseCount,
    default: '40',
    says: 'layers of a snapshot at which it is flattened',
  },
  retentionSeconds: {
    name: 'KOALACI_RETENTION_DAYS',
    parse: parseDays,
    default: '30',
    says: 'how long records and logs are kept',
  },
} as const satisfies Record<string, SettingRow>;
