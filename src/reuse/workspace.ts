// The packages of a monorepo, and which of them depend on which. Pure.
import { posix } from 'node:path';
import * as z from 'zod';
import { blocksIn } from './lockfiles/blocks.js';

const names = z.record(z.string(), z.string()).optional().catch({});
/** What of a manifest says on what a package depends. */
export const PackageManifest = z.object({
  name: z.string().optional().catch(undefined),
  workspaces: z
    .union([z.string().array(), z.object({ packages: z.string().array().optional() })])
    .optional()
    .catch(undefined),
  dependencies: names,
  devDependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  packageManager: z.string().optional().catch(undefined),
  overrides: z.unknown().optional(),
  resolutions: z.unknown().optional(),
  pnpm: z.unknown().optional(),
});
export type PackageManifest = z.infer<typeof PackageManifest>;

/** Each package by its directory; the workspace itself is `''`. */
export type Packages = ReadonlyMap<string, PackageManifest>;

/** The patterns in a manifest's `workspaces`, or in pnpm-workspace.yaml; undefined if there are none. */
export function patternsIn(
  { workspaces }: PackageManifest,
  pnpm: string | undefined,
): readonly string[] | undefined {
  if (pnpm !== undefined) {
    const packages = blocksIn(pnpm.split(/\r?\n/), 0).find(({ key }) => key === 'packages');
    // Items of a list may be as far to the left as its key.
    const lines = packages?.body.length ? packages.body : pnpm.split(/\r?\n/);
    const items = lines.flatMap((line) => /^\s*- +(.+?)\s*(?: #.*)?$/.exec(line)?.[1] ?? []);
    return packages && items.map((item) => item.replace(/^(['"])(.*)\1$/, '$2'));
  }
  return Array.isArray(workspaces) ? workspaces : workspaces?.packages;
}

/** The directories with a manifest that the patterns mean; undefined if a pattern has signs that are not known here. */
export function membersIn(patterns: readonly string[], directories: readonly string[]): string[] | undefined {
  const plain = patterns.map((pattern) => pattern.replace(/^(!?)\.\//, '$1').replace(/\/+$/, ''));
  if (plain.some((pattern) => /[?[\]{}()|\\]|^!.*!/.test(pattern))) return undefined;
  const isMeant = (directory: string, isNot: boolean) =>
    plain.some(
      (pattern) =>
        pattern.startsWith('!') === isNot && expressionOf(pattern.replace(/^!/, '')).test(directory),
    );
  return directories.filter(
    (directory) => directory !== '' && isMeant(directory, false) && !isMeant(directory, true),
  );
}

/**
 * The packages that `from` depends on, itself included. Where several have the name of one, it may be each. `manifestIn`: of a
 * directory that is no package of the workspace, to which a range may lead.
 */
export function dependenciesOf(
  packages: Packages,
  from: readonly string[],
  manifestIn: (directory: string) => PackageManifest | undefined,
): Set<string> {
  const places = new Map<string | undefined, string[]>();
  for (const [directory, { name }] of packages) places.set(name, [...(places.get(name) ?? []), directory]);
  const found = new Set<string>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    for (const [name, range] of wantedBy(packages.get(at) ?? manifestIn(at))) {
      const linked = linkedTo(packages, at, range);
      open.push(
        ...[name, aliasedIn(range)].flatMap((one) => places.get(one) ?? []),
        ...(linked ? [linked] : []),
      );
    }
  }
  return new Set([...found].filter((one) => packages.has(one)));
}

/** The name of the package in a range such as `workspace:ui@*`. */
function aliasedIn(range: string): string {
  return /^(?:workspace|npm):(@?[^@:]+)@/.exec(range)?.[1] ?? '';
}

/** All that a manifest asks for. */
export function wantedBy(manifest: PackageManifest | undefined): [name: string, range: string][] {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest ?? {};
  return [dependencies, devDependencies, optionalDependencies, peerDependencies].flatMap((one) =>
    Object.entries(one ?? {}),
  );
}

/** Where a range such as `file:../ui` leads: to the package in whose directory that is, else to that directory. */
function linkedTo(packages: Packages, from: string, range: string): string | undefined {
  const [, path] = /^(?:(?:file|link|portal|workspace):)?(\.{0,2}\/.*|\.{1,2})$/.exec(range) ?? [];
  if (path === undefined) return undefined;
  const target = posix.join(from, path).replace(/\/+$/, '');
  const inside = [...packages.keys()].find(
    (one) => one !== '' && (target === one || target.startsWith(`${one}/`)),
  );
  return inside ?? target;
}

/** `*` is a name, `**` any number of them. */
function expressionOf(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => {
    if (part === '**') return '(?:[^/]+/)*';
    return `${part.replace(/[.+^$]/g, '\\$&').replaceAll('*', '[^/]*')}/`;
  });
  return new RegExp(`^${parts.join('')}$`.replace(/\/\$$/, '$').replace('(?:[^/]+/)*$', '[^/]+(?:/[^/]+)*$'));
}
