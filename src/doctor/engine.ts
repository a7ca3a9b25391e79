// What the doctor looks at of the engine: its versions, what it weakens, the builder image, its disk.
import { execa } from 'execa';
import { engineAddress, engineVersions, engineWalls } from '../docker/engine.js';
import { engineFlags, engineInfo } from '../docker/engine-info.js';
import { EngineError, type EngineFailure } from '../docker/errors.js';
import { inspectImage } from '../docker/image.js';
import { LABEL } from '../docker/names.js';
import { canLimitSize } from '../docker/storage.js';
import { showBytes } from '../job/quantity.js';
import { checkProtocol } from '../sandbox/protocol.js';
import {
  showWalls,
  weaknessesInFlags,
  weaknessesInWarnings,
  weaknessesOf,
  weaknessesOfAddress,
} from '../sandbox/walls.js';
import { showSpace, spaceAt } from '../settings/free-space.js';
import { type Examination, type Finding, quoted } from './finding.js';
import { isEngineHere } from './machine.js';
import { isAtLeast } from './versions.js';

/** The oldest versions without a published container escape that a build could use. */
const FLOORS = [
  // CVE-2026-41567: `docker cp` may run a container's program on the host.
  { part: 'engine', floor: '29.5.1', package: 'docker-ce' },
  // CVE-2025-31133, CVE-2025-52565, CVE-2025-52881: escapes through masked paths and writes to /proc.
  { part: 'runc', floor: '1.2.8', package: 'containerd.io' },
] as const;

export async function lookAtEngine(): Promise<Finding[]> {
  const versions = await engineVersions();
  return FLOORS.map(({ part, floor, package: name }) => {
    const version = versions[part];
    if (isAtLeast(version, floor)) return { check: part, level: 'ok', found: version };
    const remedy = `Versions below ${floor} have published container escapes: upgrade before you build strangers' code, from docker.com's packages where Debian's are older.`;
    const commands = [`sudo apt-get update && sudo apt-get install ${name}`];
    return { check: part, level: 'warning', found: version || 'unknown', remedy, commands };
  });
}

/** What to type when the engine does not answer. */
export function startEngine(error: unknown): string[] {
  const rows: Partial<Record<EngineFailure, string[]>> = {
    no_command: ['sudo apt-get update && sudo apt-get install docker.io'],
    not_allowed: ['sudo usermod -aG docker "$USER"', 'newgrp docker'],
    no_engine: ['sudo systemctl enable --now docker'],
    hangs: ['journalctl -u docker -n 50', 'sudo systemctl restart docker'],
  };
  return (error instanceof EngineError && rows[error.failure]) || ['docker version'];
}

export async function lookAtWalls({ settings: { runtime } }: Examination): Promise<Finding[]> {
  const [walls, address, info] = await Promise.all([engineWalls(), engineAddress(), engineInfo()]);
  const flags = (await isEngineHere(info)) ? await engineFlags() : new Map<string, string>();
  const weak = [
    ...weaknessesOf(walls, runtime),
    ...weaknessesOfAddress(address),
    ...weaknessesInWarnings(info.warnings),
    ...weaknessesInFlags(flags),
  ];
  const findings = weak.map((weakness): Finding => ({ check: 'walls', level: 'warning', ...weakness }));
  return [{ check: 'walls', level: 'ok', found: showWalls(walls, runtime) }, ...findings];
}

/** Whether the image is there, speaks our protocol, and was made from what is in ci/. */
export async function lookAtImage({ settings: { image }, code }: Examination): Promise<Finding[]> {
  const { bytes, labels } = await inspectImage(image);
  checkProtocol(image, labels);
  const found = `${image}, ${showBytes(bytes)}`;
  const recipe = await recipeOf(code.directory);
  if (recipe === undefined || labels[LABEL.recipe] === recipe)
    return [{ check: 'image', level: 'ok', found }];
  return [
    {
      ...{ check: 'image', level: 'warning', found: `${found}: it was made from another ci/ than is here` },
      remedy: 'Build it anew; the next build of each branch is cold then.',
      commands: [buildImage(code.directory)],
    },
  ];
}

/** The command that builds the image. */
export function buildImage(directory: string): string {
  return `sh ${quoted(`${directory}/ci/build.sh`)}`;
}

/** The hash of what an image is made from here; undefined where that is not there. */
async function recipeOf(directory: string): Promise<string | undefined> {
  const script = await execa('bash', [`${directory}/ci/image/build.sh`, '--recipe'], { reject: false });
  return script.exitCode === 0 ? script.stdout.trim() : undefined;
}

/** The engine's disk, and whether the engine itself limits what a build writes. */
export async function lookAtDisk({ settings }: Examination): Promise<Finding[]> {
  const { storage } = await inspectImage(settings.image);
  const space = storage.root === undefined ? undefined : await spaceAt(storage.root, settings.diskFree);
  const place = space
    ? `${storage.root}, ${showSpace(space)}`
    : 'not on this machine: its space is not known';
  const who = (await canLimitSize(storage)) ? 'enforced by the engine' : 'watched by koalaci';
  const found = `${place}; KOALACI_DISK_LIMIT is ${who} (${storage.driver || 'unknown storage'})`;
  if (!space || space.free >= space.reserved) return [{ check: 'disk', level: 'ok', found }];
  const remedy = 'No build begins until there is more: free some, or lower KOALACI_DISK_FREE.';
  const commands = ['docker system df', 'koalaci cache prune --age 7d'];
  return [{ check: 'disk', level: 'warning', found, remedy, commands }];
}
