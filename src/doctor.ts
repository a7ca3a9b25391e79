// Checks all that a build needs from this machine: each check says what it found, and what to do when it is not right.
import { statfs } from 'node:fs/promises';
import { engineVersions, imageBytes } from './docker/engine.js';
import { NETWORK } from './docker/names.js';
import { ensureNetwork } from './docker/network.js';
import { KoalaError, messageOf } from './job/errors.js';
import { showBytes } from './job/quantity.js';
import { readExtraCa } from './settings/ca.js';
import { prepareDirectory } from './upload/directory.js';

export interface Finding {
  check: string;
  /** `warning`: it works, but less safely or not for long. */
  level: 'ok' | 'warning' | 'error';
  found: string;
  remedy?: string;
}

export interface Examination {
  env: Record<string, string | undefined>;
  home: string;
  image: string;
  /** What the commands do: who is asking, and whether Redis answers. */
  authenticate: () => string;
  pingRedis: () => Promise<string>;
}

/** The oldest versions without a published way out of a container that a build could take. */
const FLOORS = [
  // CVE-2026-41567: `docker cp` may run a container's program on the host.
  { part: 'engine', floor: '29.5.1' },
  // CVE-2025-31133, CVE-2025-52565, CVE-2025-52881: breakouts by masked paths and /proc writes.
  { part: 'runc', floor: '1.2.8' },
] as const;

const LEAST_DISK = 5 * 1024 ** 3;

/** Runs every check; one that fails does not keep the others from running. */
export async function examine(examination: Examination): Promise<Finding[]> {
  const { env, home, image } = examination;
  const one = (check: string, look: () => Promise<Finding[] | string> | string) => attempt(check, look);
  const findings = [
    await one('token', () => `for the user ${examination.authenticate()}`),
    await one('home', () => lookAtHome(home)),
    await one('engine', lookAtEngine),
    await one('image', async () => `${image}, ${showBytes(await imageBytes(image))}`),
    await one('network', async () => {
      await ensureNetwork();
      return NETWORK;
    }),
    await one('redis', examination.pingRedis),
    await one('certificates', async () =>
      (await readExtraCa(env)) ? 'an extra CA bundle is trusted in builds' : 'no extra CA bundle',
    ),
  ];
  return findings.flat();
}

async function attempt(check: string, look: () => Promise<Finding[] | string> | string): Promise<Finding[]> {
  try {
    const found = await look();
    return typeof found === 'string' ? [{ check, level: 'ok', found }] : found;
  } catch (error) {
    const remedy = error instanceof KoalaError ? error.remedy : undefined;
    return [{ check, level: 'error', found: messageOf(error), ...(remedy ? { remedy } : {}) }];
  }
}

async function lookAtHome(home: string): Promise<Finding[]> {
  prepareDirectory(home);
  const { bavail, bsize } = await statfs(home);
  const found = `${home}, ${showBytes(bavail * bsize)} free`;
  if (bavail * bsize >= LEAST_DISK) return [{ check: 'home', level: 'ok', found }];
  return [
    {
      check: 'home',
      level: 'warning',
      found,
      remedy: 'Artifacts are kept there: free some space, or set KOALACI_HOME.',
    },
  ];
}

async function lookAtEngine(): Promise<Finding[]> {
  const versions = await engineVersions();
  return FLOORS.map(({ part, floor }) => {
    const version = versions[part];
    if (isAtLeast(version, floor)) return { check: part, level: 'ok', found: version };
    const remedy = `Below ${floor} a build may know a way out of its container: upgrade before you build strangers' code.`;
    return { check: part, level: 'warning', found: version || 'unknown', remedy };
  });
}

/** Compares the numbers of two versions; what follows them (`+dfsg1`) does not count. */
export function isAtLeast(version: string, floor: string): boolean {
  const numbers = (text: string) => (/^[\d.]+/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const [have, want] = [numbers(version), numbers(floor)];
  for (const [index, least] of want.entries()) {
    const part = have[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
