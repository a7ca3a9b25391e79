// Which files of a monorepo the build of one package depends on, as far as manifests and lockfile tell. Pure.
import { posix } from 'node:path';
import { messageOf } from '../job/errors.js';
import type { Watched } from '../sandbox/job-input.js';
import { hashOf } from './hash.js';
import type { LockReader } from './lockfiles/lockfile.js';
import { readNpmLock } from './lockfiles/npm.js';
import { readPnpmLock } from './lockfiles/pnpm.js';
import { readYarnLock } from './lockfiles/yarn.js';
import { misleading } from './misleading.js';
import { stateOf } from './place.js';
import type { Tree, TreeEntry } from './tree.js';
import {
  dependenciesOf,
  membersIn,
  PackageManifest,
  type Packages,
  patternsIn,
  wantedBy,
} from './workspace.js';

/** What a package depends on. */
export interface Related {
  /** A hash of its files, those of the packages that it depends on, and all that is in no package. */
  files: string;
  /** A hash of the part of the lockfile that these use. */
  lock: string;
  /** Directories, in which a build may look at something else. */
  watched: Watched;
  /** A hash of a place that a build was seen to look at, as reuse-watch.py names it; undefined if it is none of these. */
  stateOf: (place: string) => string | undefined;
}

/** The readers of lockfiles, by name. Not bun's: one of its two formats is binary. */
const LOCKFILES: Record<string, LockReader> = {
  'pnpm-lock.yaml': readPnpmLock,
  'package-lock.json': readNpmLock,
  'npm-shrinkwrap.json': readNpmLock,
  'yarn.lock': readYarnLock,
};
/** Names that a line can have, and that are the same in any encoding. */
const PLAIN = /^[\x20-\x7e]*$/;
/** What is watched is written into a pipe that a shell reads letter by letter. */
const MOST_LETTERS = 64 * 1024;

/** What the package in `root` depends on; or why that is not known. */
export function relatedOf(tree: Tree, root: string, manager: string): Related | { why: string } {
  try {
    return find(tree, posix.normalize(root).replace(/\/+$/, ''), manager);
  } catch (error) {
    return { why: `the workspace cannot be read: ${messageOf(error)}` };
  }
}

function find(tree: Tree, root: string, manager: string): Related | { why: string } {
  const files = new Map(tree.entries.map((entry) => [entry.path, entry]));
  const packages = packagesIn(tree, files);
  if ('why' in packages) return packages;
  if (!packages.has(root) || root === '') return { why: `${root} is no package of a workspace` };
  const manifestIn = manifestsOf(tree, files);
  const related = dependenciesOf(packages, [root, ''], manifestIn);
  const lock = lockOf(tree, files, packages, related);
  if ('why' in lock) return lock;
  const why = misleading({
    ...{ manager, lockfile: lock.path, own: packages.get(root), top: packages.get('') ?? {} },
    pnpmWorkspace: tree.texts.get(files.get('pnpm-workspace.yaml')?.id ?? ''),
  });
  if (why) return { why };
  const places = [...packages.keys()].sort((a, b) => b.length - a.length);
  const packageOf = (path: string) => places.find((one) => one === '' || path.startsWith(`${one}/`)) ?? '';
  // Installations are not watched, so what is tracked there counts wherever it is.
  const own = tree.entries.filter(
    ({ path }) => path !== lock.path && (related.has(packageOf(path)) || /(^|\/)node_modules\//.test(path)),
  );
  const unrelated = places.filter((one) => !related.has(one)).sort();
  const parents = [...new Set(places.filter(Boolean).map((one) => posix.dirname(one)))].sort();
  const foreign = lock.foreign;
  if ([...unrelated, ...foreign].join().length > MOST_LETTERS) return { why: 'the workspace is too large' };
  return {
    ...{ files: hashOf(own), lock: lock.hash },
    watched: { related: [...related].filter(Boolean).sort(), unrelated, parents, foreign },
    stateOf: (place) => stateOf(place, { tree, files, places }),
  };
}

/** The packages of the workspace at the top of the repository. */
function packagesIn(tree: Tree, files: ReadonlyMap<string, TreeEntry>): Packages | { why: string } {
  const textAt = (path: string) => tree.texts.get(files.get(path)?.id ?? '');
  const manifestIn = manifestsOf(tree, files);
  const top = manifestIn('');
  const patterns = top && patternsIn(top, textAt('pnpm-workspace.yaml'));
  if (!top || !patterns) return { why: 'the repository is no workspace' };
  const directories = tree.entries
    .map(({ path }) => /^(.*)\/package\.json$/.exec(path)?.[1] ?? '')
    .filter((directory) => directory !== '' && !/(^|\/)node_modules(\/|$)/.test(directory));
  const members = membersIn(patterns, directories);
  if (!members) return { why: 'the patterns of the workspace are not understood' };
  if (!members.every((one) => PLAIN.test(one))) return { why: 'names of packages are not understood' };
  const found = members.map((one) => [one, manifestIn(one)] as const);
  if (found.some(([, manifest]) => !manifest)) return { why: 'a manifest could not be had' };
  return new Map([['', top], ...(found as [string, PackageManifest][])]);
}

/** Reads the manifest in a directory. */
function manifestsOf({ texts }: Tree, files: ReadonlyMap<string, TreeEntry>) {
  return (directory: string) => {
    const path = directory === '' ? 'package.json' : `${directory}/package.json`;
    const text = texts.get(files.get(path)?.id ?? '');
    return text === undefined ? undefined : PackageManifest.parse(JSON.parse(text));
  };
}

function lockOf(
  tree: Tree,
  files: ReadonlyMap<string, TreeEntry>,
  packages: Packages,
  directories: ReadonlySet<string>,
): { path: string; hash: string; foreign: readonly string[] } | { why: string } {
  const [path = '', ...more] = Object.keys(LOCKFILES).filter((name) => files.has(name));
  const text = tree.texts.get(files.get(path)?.id ?? '');
  const read = LOCKFILES[path];
  if (!read || text === undefined || more.length > 0)
    return { why: 'there is not one lockfile that is understood' };
  const wanted = [...directories].flatMap((one) => wantedBy(packages.get(one)));
  const members = new Set([...packages.values()].flatMap(({ name }) => name ?? []));
  const part = read(text, { directories, wanted, members });
  return 'why' in part ? part : { path, hash: hashOf(part.lines), foreign: part.foreign };
}
