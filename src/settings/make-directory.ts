// Makes directories, and says in words why one cannot be made or written.
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { KoalaError } from '../job/errors.js';
import { systemWords } from '../job/system-words.js';

/**
 * Makes a directory for artifacts and checks that it can be written, before a build needs it.
 * @throws KoalaError `bad_input` that says why it cannot
 */
export function prepareDirectory(directory: string): void {
  prepare(directory, {
    what: `artifacts cannot be written to ${directory}`,
    remedy: 'Name another directory with --output or KOALACI_HOME, or make this one writable.',
  });
}

/**
 * The same for the data directory.
 * @throws KoalaError `bad_input` that says why it cannot
 */
export function prepareHome(home: string): void {
  prepare(home, {
    what: `the data directory cannot be used: ${home}`,
    remedy: 'Set KOALACI_HOME to another directory, or make this one writable.',
  });
}

function prepare(directory: string, { what, remedy }: { what: string; remedy: string }): void {
  try {
    makeDirectory(directory);
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new KoalaError('bad_input', `${what}: ${whyNot(directory, cause)}`, { remedy, cause });
  }
}

/** Makes a directory level by level: Node's recursive mkdir never returns where the kernel says ENOENT, as below /proc. */
export function makeDirectory(directory: string, mode?: number): void {
  if (kindOf(directory) === 'directory') return;
  if (dirname(directory) !== directory) makeDirectory(dirname(directory));
  try {
    mkdirSync(directory, mode);
  } catch (error) {
    // Another build may have made it meanwhile.
    if (kindOf(directory) !== 'directory') throw error;
  }
}

/** The first part of the path that is no directory says more than the system does. */
function whyNot(directory: string, cause: unknown): string {
  for (let path = directory; path !== dirname(path); path = dirname(path)) {
    const kind = kindOf(path);
    if (kind === 'other') return `${path} is not a directory`;
    if (kind) break;
  }
  const { code } = cause as { code?: unknown };
  return code === 'ENOENT' ? 'no directory can be made there' : systemWords(cause);
}

/** Undefined for what is not there, or cannot be looked at. */
function kindOf(path: string): 'directory' | 'other' | undefined {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'other';
  } catch {
    return undefined;
  }
}
