// What has to be done so that a tree in an object store becomes that of a release, and in which order. Pure.
import type { FlatFile } from './flat-files.js';
import { isImmutable, isPage, mayBeHashed } from './hashed-names.js';

/** A file of the tree as it is. */
export interface Known {
  /** Empty if nobody knows what is there. */
  sha256: string;
  /** Since when no release has it, in milliseconds since 1970. */
  goneAt?: number;
}

/** All files of the tree, by their paths. */
export type Tree = ReadonlyMap<string, Known>;

export interface Plan {
  /** To be put before anything changes: no page that is served names them, and their names change with their content. */
  assets: FlatFile[];
  /** To be put then, a stage after the other: what pages name, the pages, and what tells open pages that there are new ones. */
  stages: FlatFile[][];
  /** To be removed last. */
  removals: string[];
  /** The tree as it is then. */
  next: Tree;
}

/** By these, open pages and service workers learn that there is something new, and fetch it at once. */
const ANNOUNCEMENT =
  /(^|\/)(version|latest|ngsw)\.json$|(^|\/)([\w-]*[-.])?(sw|service-worker|serviceworker)\.m?js$/i;

/** The plan that leads from a tree to the files of a release. What is gone stays for `keepMs` where open pages may ask for it. */
export function planOf(
  files: readonly FlatFile[],
  tree: Tree,
  { now, keepMs }: { now: number; keepMs: number },
): Plan {
  const wanted = new Map(files.map((file) => [file.path, file]));
  const puts = files.filter(({ path, sha256 }) => tree.get(path)?.sha256 !== sha256);
  const next = new Map<string, Known>(files.map(({ path, sha256 }) => [path, { sha256 }]));
  const removals: string[] = [];
  for (const [path, { sha256, goneAt = now }] of tree) {
    if (wanted.has(path)) continue;
    if (mayBeHashed(path) && now - goneAt < keepMs) next.set(path, { sha256, goneAt });
    else removals.push(path);
  }
  // One that is there already may be named by the page that is served.
  const isAsset = ({ path }: FlatFile) => isImmutable(path) && !tree.get(path)?.sha256;
  const others = puts.filter((file) => !isAsset(file));
  const stages = [0, 1, 2].map((stage) => others.filter(({ path }) => stageOf(path) === stage));
  return { assets: puts.filter(isAsset), stages, removals, next };
}

/** All paths that a plan changes. */
export function touchedBy({ assets, stages, removals }: Plan): string[] {
  return [...[...assets, ...stages.flat()].map(({ path }) => path), ...removals];
}

function stageOf(path: string): number {
  if (ANNOUNCEMENT.test(path)) return 2;
  return isPage(path) ? 1 : 0;
}
