// What one build may use. On by default; each is named, with its figure, when it is hit.
import { availableParallelism } from 'node:os';
import { KoalaError } from './errors.js';
import { parseBytes, parseCount, parseDuration, showBytes } from './quantity.js';

export interface Limits {
  /** Bytes; swap included. */
  memory: number;
  cpus: number;
  /** Processes and threads. */
  pids: number;
  /** Bytes that the build adds to its container. */
  disk: number;
  /** Bytes of log that are kept; of a longer one the head and the tail. */
  log: number;
  /** Bytes of output at which the build is ended: nobody reads on, and it may never stop. */
  output: number;
  /** Bytes of the dist directory. */
  artifact: number;
  /** Milliseconds in all. */
  time: number;
  /** Milliseconds without any output. */
  silence: number;
}

const MIB = 1024 ** 2;
/** Below these the entrypoint itself, git and Node do not come up. */
const LEAST_MEMORY = 64 * MIB;
const LEAST_PIDS = 50;

/**
 * Limits from the environment (`KOALACI_MEMORY`, …), the rest by default.
 * @throws KoalaError `bad_input` that names the variable
 */
export function readLimits(env: Record<string, string | undefined>): Limits {
  const read = (name: string, parse: (name: string, value: string) => number, byDefault: number) =>
    env[name] ? parse(name, env[name]) : byDefault;
  const limits = {
    memory: read('KOALACI_MEMORY', parseBytes, 4096 * MIB),
    cpus: read('KOALACI_CPUS', parseCount, availableParallelism()),
    // Under about 1,000 Next, Jest and esbuild fail on many cores: threads count too.
    pids: read('KOALACI_PIDS', parseCount, 4096),
    disk: read('KOALACI_DISK_LIMIT', parseBytes, 20_480 * MIB),
    log: read('KOALACI_LOG_LIMIT', parseBytes, 16 * MIB),
    output: read('KOALACI_OUTPUT_LIMIT', parseBytes, 256 * MIB),
    artifact: read('KOALACI_ARTIFACT_LIMIT', parseBytes, 1024 * MIB),
    time: read('KOALACI_TIMEOUT', parseDuration, 45 * 60_000),
    silence: read('KOALACI_SILENCE', parseDuration, 15 * 60_000),
  };
  atLeast('KOALACI_MEMORY', limits.memory, LEAST_MEMORY, showBytes(LEAST_MEMORY));
  atLeast('KOALACI_PIDS', limits.pids, LEAST_PIDS, String(LEAST_PIDS));
  return limits;
}

function atLeast(name: string, value: number, least: number, shown: string): void {
  if (value < least) throw new KoalaError('bad_input', `${name}: must be at least ${shown}`);
}
