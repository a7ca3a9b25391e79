// Files that are not complete yet, beside what they will be: how they are named, and what becomes of those that a dead runner left.
import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactDirectory, artifactPlaces, objectPlaces } from '../artifact/paths.js';
import { isDead, thisRunner } from './runner-id.js';

/** Nobody writes for longer than this without a pause, on whatever machine. */
const ABANDONED_MS = 86_400_000;

/** The name of a new file of this runner, which others can tell from those of dead ones. */
export function partialIn(directory: string): string {
  return join(directory, `.${thisRunner()}.${randomBytes(6).toString('hex')}.partial`);
}

/** Whose file it is; undefined for one of an older version. Pure. */
export function runnerOfPartial(name: string): string | undefined {
  return /^\.(.+)\.[0-9a-f]{12}\.partial$/.exec(name)?.[1];
}

/** Removes the files that dead runners left in the directories of artifacts and of objects. */
export async function removePartials(artifacts: ArtifactDirectory): Promise<void> {
  for (const place of [...(await artifactPlaces(artifacts)), ...(await objectPlaces(artifacts))]) {
    const names = (await readdir(place).catch(() => [])).filter((name) => name.endsWith('.partial'));
    for (const name of names) {
      const file = join(place, name);
      if (isDead(runnerOfPartial(name) ?? '') || (await isAbandoned(file))) await rm(file, { force: true });
    }
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  const { mtimeMs = Date.now() } = (await stat(file).catch(() => undefined)) ?? {};
  return Date.now() - mtimeMs > ABANDONED_MS;
}
