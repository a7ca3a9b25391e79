// Where the data directory is.
import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Settings } from './settings.js';

const SYSTEM_HOME = '/opt/koalaci';

/** `KOALACI_HOME`, else /opt/koalaci if writable, else the XDG data directory. */
export function koalaHome({ home, xdgDataHome }: Pick<Settings, 'home' | 'xdgDataHome'>): string {
  if (home) return resolve(home);
  if (canWrite(SYSTEM_HOME) || (!existsSync(SYSTEM_HOME) && canWrite('/opt'))) return SYSTEM_HOME;
  return join(xdgDataHome || join(homedir(), '.local', 'share'), 'koalaci');
}

function canWrite(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
