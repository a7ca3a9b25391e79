// koalaci cache: the snapshots that make the next build warm.

import { KoalaError } from '../job/errors.js';
import type { UserId } from '../job/identity.js';
import { parseBytes, parseDuration, showBytes } from '../job/quantity.js';
import {
  chooseForPruning,
  isOf,
  listSnapshots,
  removeSnapshots,
  type StoredSnapshot,
} from '../snapshot/prune.js';
import { drawCache } from '../ui/cache.js';
import { authenticate, cacheLimit, snapshotUses } from './session.js';

export async function ls(flags: { token?: string; json?: boolean }): Promise<void> {
  const entries = await entriesOf(authenticate(flags));
  process.stdout.write(flags.json ? `${JSON.stringify(entries)}\n` : `${drawCache(entries).join('\n')}\n`);
}

export async function prune(flags: { token?: string; age?: string; size?: string }): Promise<void> {
  const limits = {
    ...(flags.age ? { maxAge: parseDuration('--age', flags.age) } : {}),
    maxBytes: flags.size ? parseBytes('--size', flags.size) : cacheLimit(),
  };
  await remove(chooseForPruning(await entriesOf(authenticate(flags)), limits, Date.now()));
}

export async function rm(
  project: string,
  branch: string | undefined,
  flags: { token?: string },
): Promise<void> {
  const entries = (await entriesOf(authenticate(flags))).filter((entry) => isOf(entry, project, branch));
  if (entries.length === 0) {
    throw new KoalaError(
      'not_found',
      `there is no snapshot of ${[project, branch].filter(Boolean).join(', ')}`,
      {
        remedy: '"koalaci cache ls" shows those that are there.',
      },
    );
  }
  await remove(entries);
}

async function entriesOf(user: UserId): Promise<StoredSnapshot[]> {
  return listSnapshots(snapshotUses, user);
}

async function remove(entries: StoredSnapshot[]): Promise<void> {
  await removeSnapshots(entries);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  process.stderr.write(
    `removed ${entries.length} ${entries.length === 1 ? 'snapshot' : 'snapshots'} (${showBytes(bytes)})\n`,
  );
}
