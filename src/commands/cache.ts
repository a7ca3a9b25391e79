// koalaci cache: lists and removes the snapshots that make the next build warm.

import { printableJson } from '../job/printable.js';
import { publicJson } from '../job/public-json.js';
import { LONGEST_DAYS, parseBytes, parseDuration, showBytes } from '../job/quantity.js';
import type { RemovedSnapshots } from '../snapshot/own.js';
import { withoutImage } from '../snapshot/prune.js';
import { drawCache } from '../ui/cache.js';
import { columnsOf } from '../ui/paint.js';
import { print, say } from '../ui/print.js';
import { withBackend } from './backend/open.js';
import type { Backed } from './named-service.js';

export async function ls(flags: Backed & { json?: boolean }): Promise<void> {
  const entries = await withBackend(flags, async (backend) => (await backend.snapshots()).list());
  const json = () => `${printableJson(entries.map((entry) => publicJson(withoutImage(entry))))}\n`;
  print(flags.json ? json() : `${drawCache(entries, columnsOf(process.stdout)).join('\n')}\n`);
}

export async function prune(flags: Backed & { age?: string; size?: string }): Promise<void> {
  const maxAge = flags.age === undefined ? undefined : parseDuration('--age', flags.age, LONGEST_DAYS);
  const maxBytes = flags.size === undefined ? undefined : parseBytes('--size', flags.size);
  const wish = { maxAge, maxBytes };
  sayRemoved(await withBackend(flags, async (backend) => (await backend.snapshots()).prune(wish)));
}

export async function rm(project: string, branch: string | undefined, flags: Backed): Promise<void> {
  const removing = withBackend(flags, async (backend) => (await backend.snapshots()).remove(project, branch));
  sayRemoved(await removing);
}

function sayRemoved({ snapshots, bytes, unowned }: RemovedSnapshots): void {
  say(`removed ${snapshots} ${snapshots === 1 ? 'snapshot' : 'snapshots'} (${showBytes(bytes)})\n`);
  if (unowned > 0) say(`removed from an earlier version: ${unowned}\n`);
}
