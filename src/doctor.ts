// Checks everything that a build needs from this machine. Each check says what it found, and how to fix what is wrong.
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { engineAddress, engineVersions, engineWalls } from './docker/engine.js';
import { inspectImage } from './docker/image.js';
import { NETWORK } from './docker/names.js';
import { ensureNetwork } from './docker/network.js';
import { canLimitSize } from './docker/storage.js';
import { KoalaError, messageOf } from './job/errors.js';
import { showBytes } from './job/quantity.js';
import { checkProtocol } from './sandbox/protocol.js';
import { showWalls, weaknessesOf, weaknessesOfAddress } from './sandbox/walls.js';
import { readExtraCa } from './settings/ca.js';
import { findSigningKey } from './settings/config.js';
import { readCredentials } from './settings/credentials.js';
import { showSpace, spaceAt } from './settings/free-space.js';
import { prepareHome } from './settings/make-directory.js';
import type { Settings } from './settings/settings.js';
import type { EffectiveSetting } from './settings/show.js';
import { privateKeyOf, publicKeyOf } from './settings/signing-key.js';
import type { ConfiguredTarget } from './upload/targets.js';

export interface Finding {
  check: string;
  /** `warning`: builds work, but less safely, or not for much longer. */
  level: 'ok' | 'warning' | 'error';
  found: string;
  remedy?: string;
  /** The settings in effect; only the check of the settings gives them. */
  settings?: EffectiveSetting[];
}

export interface Examination {
  settings: Settings;
  /** What is wrong with the settings, and the settings in effect. */
  problems: KoalaError[];
  effective: EffectiveSetting[];
  /** The data directory. */
  home: string;
  /** Opens the operator's targets. */
  targets: () => Promise<ConfiguredTarget[]>;
  /** As in the commands: the first verifies the token and returns its user, the second asks Redis for an answer. */
  authenticate: () => string;
  pingRedis: () => Promise<string>;
}

/** If `look` throws, the finding is an error, with the message and remedy of what it threw. */
interface Check {
  name: string;
  look: (examination: Examination) => Promise<Finding[] | string> | Finding[] | string;
}

const CHECKS: Check[] = [
  { name: 'token', look: ({ authenticate }) => `for the user ${authenticate()}` },
  { name: 'home', look: lookAtHome },
  { name: 'engine', look: lookAtEngine },
  { name: 'walls', look: lookAtWalls },
  { name: 'image', look: lookAtImage },
  { name: 'disk', look: lookAtDisk },
  { name: 'network', look: () => ensureNetwork().then(() => NETWORK) },
  { name: 'redis', look: ({ pingRedis }) => pingRedis() },
  { name: 'certificates', look: lookAtCertificates },
  { name: 'credentials', look: lookAtCredentials },
  { name: 'signing', look: lookAtSigningKey },
  { name: 'targets', look: lookAtTargets },
  { name: 'settings', look: lookAtSettings },
];

/** The oldest versions without a published container escape that a build could use. */
const FLOORS = [
  // CVE-2026-41567: `docker cp` may run a container's program on the host.
  { part: 'engine', floor: '29.5.1' },
  // CVE-2025-31133, CVE-2025-52565, CVE-2025-52881: escapes through masked paths and writes to /proc.
  { part: 'runc', floor: '1.2.8' },
] as const;

const LEAST_DISK = 5 * 1024 ** 3;

/** Runs every check, one after the other. A failed check does not stop the others. */
export async function examine(examination: Examination): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of CHECKS) findings.push(...(await attempt(check, examination)));
  return findings;
}

async function attempt({ name, look }: Check, examination: Examination): Promise<Finding[]> {
  try {
    const found = await look(examination);
    return typeof found === 'string' ? [{ check: name, level: 'ok', found }] : found;
  } catch (error) {
    return [problem(name, error)];
  }
}

function problem(check: string, error: unknown): Finding {
  const remedy = error instanceof KoalaError ? error.remedy : undefined;
  return { check, level: 'error', found: messageOf(error), ...(remedy ? { remedy } : {}) };
}

async function lookAtHome({ home }: Examination): Promise<Finding[]> {
  prepareHome(home);
  const { bavail, bsize } = await statfs(home);
  const found = `${home}, ${showBytes(bavail * bsize)} free`;
  if (bavail * bsize >= LEAST_DISK) return [{ check: 'home', level: 'ok', found }];
  return [
    {
      check: 'home',
      level: 'warning',
      found,
      remedy:
        'Artifacts are stored there: free some space, or set KOALACI_HOME to a directory on a larger disk.',
    },
  ];
}

async function lookAtEngine(): Promise<Finding[]> {
  const versions = await engineVersions();
  return FLOORS.map(({ part, floor }) => {
    const version = versions[part];
    if (isAtLeast(version, floor)) return { check: part, level: 'ok', found: version };
    const remedy = `Versions below ${floor} have published container escapes: upgrade before you build strangers' code.`;
    return { check: part, level: 'warning', found: version || 'unknown', remedy };
  });
}

async function lookAtWalls({ settings: { runtime } }: Examination): Promise<Finding[]> {
  const [walls, address] = await Promise.all([engineWalls(), engineAddress()]);
  const weak = [...weaknessesOf(walls, runtime), ...weaknessesOfAddress(address)].map(
    (weakness): Finding => ({ check: 'walls', level: 'warning', ...weakness }),
  );
  return [{ check: 'walls', level: 'ok', found: showWalls(walls, runtime) }, ...weak];
}

async function lookAtImage({ settings: { image } }: Examination): Promise<string> {
  const { bytes, labels } = await inspectImage(image);
  checkProtocol(image, labels);
  return `${image}, ${showBytes(bytes)}`;
}

/** The engine's disk, and whether the engine itself limits what a build writes. */
async function lookAtDisk({ settings }: Examination): Promise<Finding[]> {
  const { storage } = await inspectImage(settings.image);
  const space = storage.root === undefined ? undefined : await spaceAt(storage.root, settings.diskFree);
  const place = space
    ? `${storage.root}, ${showSpace(space)}`
    : 'not on this machine: its space is not known';
  const who = (await canLimitSize(storage)) ? 'enforced by the engine' : 'watched by koalaci';
  const found = `${place}; KOALACI_DISK_LIMIT is ${who} (${storage.driver || 'unknown storage'})`;
  if (!space || space.free >= space.reserved) return [{ check: 'disk', level: 'ok', found }];
  const remedy =
    'No build begins until there is more: free some (docker system df), or lower KOALACI_DISK_FREE.';
  return [{ check: 'disk', level: 'warning', found, remedy }];
}

async function lookAtCertificates({ settings }: Examination): Promise<string> {
  return (await readExtraCa(settings)) ? 'builds trust an extra CA bundle' : 'no extra CA bundle';
}

async function lookAtCredentials({ settings }: Examination): Promise<string> {
  const { credentials } = await readCredentials(settings.credentials);
  return credentials.length > 0 ? `${credentials.length} rows for git servers` : 'none for git servers';
}

function lookAtSigningKey({ settings, home }: Examination): Finding[] {
  const key = findSigningKey(home, settings.signingKey);
  if (key) return [{ check: 'signing', level: 'ok', found: publicKeyOf(privateKeyOf(key)).id }];
  const remedy = 'Make one with "koalaci init", or set KOALACI_SIGNING_KEY to that of your other machines.';
  return [{ check: 'signing', level: 'warning', found: 'none: artifacts have no provenance', remedy }];
}

/** One finding for each target. */
async function lookAtTargets({ targets, home }: Examination): Promise<Finding[]> {
  const opened = await targets();
  if (opened.length === 0) return [{ check: 'targets', level: 'ok', found: 'none: artifacts are only kept' }];
  const looked = opened.map(async ({ target, branches, keep }): Promise<Finding> => {
    const site = branches ? `the site is ${branches.join(', ')}` : 'the site is the default branch';
    try {
      const found = `${target.name}: ${await target.check(join(home, 'objects'))}; ${site}; ${keep} kept`;
      return { check: 'targets', level: 'ok', found };
    } catch (error) {
      const { found, ...rest } = problem('targets', error);
      return { ...rest, found: found.includes(target.name) ? found : `${target.name}: ${found}` };
    }
  });
  return Promise.all(looked);
}

/** The last finding carries the list of settings, whether or not any of them is wrong. */
function lookAtSettings({ problems, effective }: Examination): Finding[] {
  const set = effective.filter((setting) => setting.set).length;
  const found = `${set} of ${effective.length} are set here, the others have their defaults`;
  const wrong = problems.map((error) => problem('settings', error));
  const last = wrong.pop() ?? { check: 'settings', level: 'ok', found };
  return [...wrong, { ...last, settings: effective }];
}

/** Compares two versions number by number; a suffix such as `+dfsg1` does not count. */
export function isAtLeast(version: string, floor: string): boolean {
  const numbers = (text: string) => (/^[\d.]+/.exec(text)?.[0] ?? '0').split('.').map(Number);
  const [have, want] = [numbers(version), numbers(floor)];
  for (const [index, least] of want.entries()) {
    const part = have[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
