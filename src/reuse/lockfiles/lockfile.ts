// What the part of a lockfile is that some packages of a workspace use. Pure, and so are the readers of each format.

/** Whose part it is: directories of packages, the workspace's own (`''`) included. */
export interface Users {
  directories: ReadonlySet<string>;
  /** Their dependencies, development included, as their manifests have them: name and range. */
  wanted: readonly (readonly [name: string, range: string])[];
  /** The names of all packages of the workspace. */
  members: ReadonlySet<string>;
}

export interface LockPart {
  /** All that their installation is made from, in an order that does not depend on the rest. */
  lines: string[];
  /** The directories in `node_modules` of packages that are not theirs: without line ends, as `node_modules/name`. */
  foreign: string[];
}

/** The part that they use; or why it is not known. */
export type LockReader = (text: string, users: Users) => LockPart | { why: string };

/** A locked package: what is known of it, as text; and what it needs, as names of others with what the lockfile calls the version. */
export interface Locked {
  name: string;
  text: string;
  needs: readonly (readonly [name: string, version: string])[];
}

/**
 * All that these need, directly and through others. `find` returns the packages that one may mean: none if it is not locked, because
 * it is optional, or of the workspace.
 */
export function closure(
  wanted: readonly (readonly [string, string])[],
  find: (name: string, version: string) => readonly Locked[],
): Set<Locked> {
  const found = new Set<Locked>();
  const open = wanted.flatMap(([name, version]) => find(name, version));
  for (let one = open.pop(); one; one = open.pop()) {
    if (found.has(one)) continue;
    found.add(one);
    for (const [name, version] of one.needs) open.push(...find(name, version));
  }
  return found;
}

/**
 * The part of what was found. Where several versions have a name, all count: which of them is where a package looks for one that it
 * does not declare, the lockfile does not say.
 */
export function partOf(all: readonly Locked[], found: ReadonlySet<Locked>): LockPart {
  const names = new Set([...found].map(({ name }) => name));
  const others = new Set(all.map(({ name }) => name).filter((name) => !names.has(name)));
  return {
    lines: all.filter(({ name }) => names.has(name)).map(({ text }) => text),
    foreign: [...others].filter((name) => /^[\w@./-]+$/.test(name)).map((name) => `node_modules/${name}`),
  };
}

/** The packages by their names. */
export function byName(all: readonly Locked[]): Map<string, Locked[]> {
  const map = new Map<string, Locked[]>();
  for (const one of all) map.set(one.name, [...(map.get(one.name) ?? []), one]);
  return map;
}
