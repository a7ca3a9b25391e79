// koalaci cache: lists and removes the snapshots that make the next build warm.

import { KoalaError } from '../job/errors.js';
import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { LONGEST_DAYS, parseBytes, parseDuration, showBytes } from '../job/quantity.js';
import { removeKept } from '../snapshot/kept.js';
import {
  chooseForPruning,
  isOf,
  listSnapshots,
  removeSnapshots,
  type StoredSnapshot,
} from '../snapshot/prune.js';
import { removeUnowned } from '../snapshot/unowned.js';
import { drawCache } from '../ui/cache.js';
import { print, say } from '../ui/print.js';
import { authenticate, type TokenFlag } from './authenticate.js';
import { snapshotUses } from './redis.js';
import { installationOf, openSession, type Session } from './session.js';

export async function ls(flags: TokenFlag & { json?: boolean }): Promise<void> {
  const entries = await entriesOf(openSession(), flags);
  print(flags.json ? `${printableJson(entries.map(shown))}\n` : `${drawCache(entries).join('\n')}\n`);
}

export async function prune(flags: TokenFlag & { age?: string; size?: string }): Promise<void> {
  const session = openSession();
  const limits = {
    ...(flags.age !== undefined ? { maxAge: parseDuration('--age', flags.age, LONGEST_DAYS) } : {}),
    maxBytes: flags.size !== undefined ? parseBytes('--size', flags.size) : session.settings.cacheLimit,
  };
  await remove(session, chooseForPruning(await entriesOf(session, flags), limits, Date.now()));
  const unowned = await removeUnowned(authenticate(session, flags));
  if (unowned > 0) say(`removed from an earlier version: ${unowned}\n`);
}

export async function rm(project: string, branch: string | undefined, flags: TokenFlag): Promise<void> {
  const session = openSession();
  const all = await entriesOf(session, flags);
  const entries = all.filter((entry) => isOf(entry, project, branch));
  await removeKept(installationOf(session), authenticate(session, flags), { project, branch });
  if (entries.length === 0) {
    throw new KoalaError(
      'not_found',
      `there is no snapshot of ${[project, branch].filter(Boolean).join(', ')}`,
      { remedy: '"koalaci cache ls" shows your snapshots.' },
    );
  }
  await remove(session, entries);
}

/** The image's id is none of a user's business. */
function shown({ id: _, ...entry }: StoredSnapshot): Record<string, unknown> {
  return publicJson(entry);
}

async function entriesOf(session: Session, flags: TokenFlag): Promise<StoredSnapshot[]> {
  const user = authenticate(session, flags);
  return listSnapshots(installationOf(session), (names) => snapshotUses(session, names), user);
}

async function remove(session: Session, entries: StoredSnapshot[]): Promise<void> {
  await removeSnapshots(installationOf(session), entries);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  say(`removed ${entries.length} ${entries.length === 1 ? 'snapshot' : 'snapshots'} (${showBytes(bytes)})\n`);
}
