// What a branch has shipped before: whoever builds it knows these contents, so its container may name them in place of sending them.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalRepository } from '../job/repository.js';
import { type ManifestHead, readHead } from './manifest-file.js';
import { hasObject, NOTED_MS, type ObjectKey } from './objects.js';
import { artifactsIn } from './paths.js';
import type { Searched } from './searched.js';

/** Where the artifacts of a project lie, and of which of them a build may know the contents. */
export interface EarlierPlace {
  directory: string;
  /** Where its sources are from, and the branches: its own, and the one from which others start. */
  repository: string;
  branches: string[];
}

/** A content as an artifact has it. */
export type Content = ObjectKey & { size: number };

/** The contents that one artifact has and the store as well, and what it was searched for. */
export interface EarlierContents {
  searched: Searched;
  has: (content: Content) => boolean;
}

/** As many of the newest manifests are looked at. */
const MOST_MANIFESTS = 200;
/** As it stands in the line of an entry. In a name, each quote comes after a backslash. */
const CONTENT = /"mode":"([0-7]{1,5})","size":(\d{1,15}),"sha256":"([0-9a-f]{64})"/g;

/**
 * The last artifact of each of the branches. Of those that do not say what they were searched for, nothing is known. Whether
 * a content is in the store is looked at here: while the project builds, nobody waits for that.
 */
export async function earlierContents(
  { directory, repository, branches }: EarlierPlace,
  objects: string,
): Promise<EarlierContents[]> {
  const heads = await newest(directory);
  const lasts = branches.map((branch) =>
    heads.find(({ head }) => head.branch === branch && isOf(head, repository)),
  );
  const found: EarlierContents[] = [];
  for (const one of new Set(lasts))
    if (one?.head.searched)
      found.push({ searched: one.head.searched, has: await contentsIn(one.manifest, objects) });
  return found;
}

/** The heads of the newest manifests in a directory, the newest first. */
async function newest(directory: string): Promise<{ manifest: string; head: ManifestHead }[]> {
  const all = (await artifactsIn(directory)).map(async ({ manifest }) => ({
    manifest,
    at: (await stat(manifest).catch(() => undefined))?.mtimeMs ?? 0,
  }));
  const sorted = (await Promise.all(all)).sort((a, b) => b.at - a.at).slice(0, MOST_MANIFESTS);
  const read = sorted.map(async ({ manifest }) => ({ manifest, head: await readHead(manifest) }));
  return (await Promise.all(read)).flatMap(({ manifest, head }) => (head ? { manifest, head } : []));
}

function isOf({ repo = '' }: ManifestHead, repository: string): boolean {
  try {
    return canonicalRepository(repo) === repository;
  } catch {
    return false;
  }
}

async function contentsIn(manifest: string, objects: string): Promise<EarlierContents['has']> {
  const contents = new Set<string>();
  const since = Date.now();
  let cut = '';
  try {
    for await (const piece of createReadStream(manifest, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
      const text = cut + piece;
      const end = text.lastIndexOf('\n');
      for (const [, mode = '', size, sha256 = ''] of text.slice(0, end + 1).matchAll(CONTENT)) {
        const content = { sha256, mode, size: Number(size) };
        if (hasObject(objects, content)) contents.add(keyOf(content));
      }
      cut = text.slice(end + 1);
    }
  } catch {
    // It has been removed meanwhile: then all is sent.
    return () => false;
  }
  // After that, a prune may take it.
  const isInPlace = (content: Content) => Date.now() - since < NOTED_MS || hasObject(objects, content);
  return (content) => contents.has(keyOf(content)) && isInPlace(content);
}

/** All of a hash, or somebody could ship another content that is taken for it; and a text that does not hold the one around it. */
function keyOf({ sha256, mode, size }: Content): string {
  return `${Buffer.from(sha256, 'hex').toString('latin1')}${mode}-${size}`;
}

/** Where to look, for an artifact that is about to be published. */
export function earlierPlace(
  manifest: string,
  { repo, branches }: { repo: string; branches: (string | undefined)[] },
): EarlierPlace {
  const known = branches.filter((branch) => branch !== undefined);
  return {
    directory: dirname(manifest),
    repository: canonicalRepository(repo),
    branches: [...new Set(known)],
  };
}
