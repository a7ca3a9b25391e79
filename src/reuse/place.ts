// The state of a place at which a build has looked, in the tree of a commit: while it is the same, so is what the build has seen. Pure.
import { posix } from 'node:path';
import { hashOf } from './hash.js';
import type { Tree, TreeEntry } from './tree.js';

export interface Places {
  tree: Tree;
  files: ReadonlyMap<string, TreeEntry>;
  /** The directories of all packages. */
  places: readonly string[];
}

/** What the lockfile says better: of the dependencies of packages that a package does not depend on, it counts only what that has, too. */
const DEPENDENCIES = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** A hash of it, by the words of reuse-watch.py; undefined if it is none that the tree has. */
export function stateOf(place: string, at: Places): string | undefined {
  const kind = place.slice(0, place.indexOf(' '));
  const path = place.slice(kind.length + 1);
  const state = STATES[kind]?.(path, at);
  return state === undefined ? undefined : hashOf(state);
}

const STATES: Record<string, (path: string, at: Places) => unknown> = {
  package: (path, { tree }) => tree.entries.filter((entry) => entry.path.startsWith(`${path}/`)),
  // Whoever opens a file may have looked for others before: `ui.ts`, then `ui.js`. That is not seen, but they would be beside it.
  file: (path, at) => [
    [at.files.get(path)?.mode ?? null, at.files.get(path)?.id ?? null, attributesOf(path, at)],
    path.endsWith('/package.json') ? [] : childrenOf(posix.dirname(path), at).map(({ name }) => name),
  ],
  // Whoever lists a directory may ask for sizes, which is not seen.
  listing: (path, at) => [attributesOf(`${path}/`, at), childrenOf(path, at)],
  parent: (path, { places }) => places.filter((one) => one !== '' && posix.dirname(one) === path).sort(),
  manifest: (path, { tree, files }) =>
    withoutDependencies(tree.texts.get(files.get(`${path}/package.json`)?.id ?? '')),
};

/** The files above a file by which git changes its bytes when it writes them. */
function attributesOf(path: string, { files }: Places): unknown[] {
  const found: unknown[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    found.push(files.get(`${path.slice(0, at)}/.gitattributes`)?.id ?? null);
  return found;
}

/** What is in a directory: files with their contents, directories by their names. */
function childrenOf(directory: string, { tree }: Places): { name: string; is: string }[] {
  const children = new Map<string, string>();
  for (const { path, mode, id } of tree.entries) {
    if (!path.startsWith(`${directory}/`)) continue;
    const [name = '', ...more] = path.slice(directory.length + 1).split('/');
    children.set(name, more.length > 0 ? 'directory' : `${mode} ${id}`);
  }
  return [...children].map(([name, is]) => ({ name, is }));
}

function withoutDependencies(manifest: string | undefined): unknown {
  if (manifest === undefined) return 'none';
  const entries = Object.entries(JSON.parse(manifest) as object);
  return entries.filter(([name]) => !DEPENDENCIES.includes(name));
}
