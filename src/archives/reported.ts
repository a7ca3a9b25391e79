// Whether the operator knows that artifacts are removed: earlier versions kept them for ever. A file in the directory of artifacts.
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JudgedArchive } from './standing.js';

const FILE = '.pruning-reported';

/** Whether an earlier version made it: those wrote manifests without a list of what is in the archive. */
export function isOfEarlierVersion({ head }: Pick<JudgedArchive, 'head'>): boolean {
  return head !== undefined && !head.isListed;
}

/** For how many ms it has been reported what goes from this directory; undefined if it has not. */
export async function reportedFor(directory: string): Promise<number | undefined> {
  const found = await stat(join(directory, FILE)).catch(() => undefined);
  return found && Date.now() - found.mtimeMs;
}

export async function noteReported(directory: string): Promise<void> {
  await writeFile(join(directory, FILE), '');
}
