// Reads a lockfile, by the package manager that wrote it. Pure.
import { type Dependency, distinct } from '../dependency.js';
import { readBun } from './bun.js';
import { readNpm } from './npm.js';
import { readPnpm } from './pnpm.js';
import { readYarnBerry } from './yarn-berry.js';
import { readYarnClassic } from './yarn-classic.js';

/** By the flavours of ci/steps/managers. */
const READERS: Record<string, (text: string) => Dependency[]> = {
  npm: readNpm,
  'yarn-classic': readYarnClassic,
  'yarn-berry': readYarnBerry,
  pnpm: readPnpm,
  bun: readBun,
};

/**
 * The packages that a lockfile has resolved.
 * @throws Error when it is not as its package manager writes it
 */
export function readLockfile(flavour: string, path: string, text: string): Dependency[] {
  const read = READERS[flavour];
  if (!read) throw new Error(`lockfiles of ${flavour} are not known`);
  if (path.endsWith('.lockb')) throw new Error("bun's binary lockfile is not read; bun.lock is");
  return distinct(read(text));
}
