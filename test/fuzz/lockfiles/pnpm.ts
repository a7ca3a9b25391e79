// pnpm-lock.yaml, version 9.
import type { Project } from '../project/model.js';
import { type Package, packagesOf, vendoredOf } from '../project/packages.js';
import { HASHES, PUBLISHED } from '../project/published.js';

const HEAD = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:
`;

export function pnpmLock(project: Project): string {
  const packages = packagesOf(project);
  const paths = new Map(vendoredOf(project).map(({ name, path }) => [name, path]));
  const importers = packages.map((one) => importer(one, paths)).join('');
  const locked = [
    ...vendoredEntries(project),
    ...injectedEntries(packages),
    ...publishedEntries(project),
  ].sort();
  if (locked.length === 0) return HEAD + importers;
  const snapshots = locked.map(([id]) => `\n  ${id}: {}\n`).join('');
  return `${HEAD}${importers}\npackages:\n${locked.map(([id, text]) => `\n  ${id}:\n${text}`).join('')}\nsnapshots:\n${snapshots}`;
}

function importer(one: Package, paths: Map<string, string>): string {
  const section = (name: string, specs: Record<string, string>) => {
    const entries = Object.entries(specs).map(([dependency, spec]) => {
      const path = paths.get(dependency);
      const linked = one.injected.includes(dependency)
        ? `file:packages/${dependency}`
        : `link:../${dependency}`;
      const versionOf = () => (dependency === PUBLISHED ? spec : path ? `file:${path}` : linked);
      return `      ${dependency}:\n        specifier: ${spec}\n        version: ${versionOf()}\n`;
    });
    return entries.length > 0 ? `    ${name}:\n${entries.join('')}` : '';
  };
  const meta = one.injected.map((name) => `      ${name}:\n        injected: true\n`).join('');
  const body =
    // pnpm installs a project's own peers.
    section('dependencies', { ...one.dependencies, ...one.peerDependencies }) +
    section('devDependencies', one.devDependencies) +
    (meta && `    dependenciesMeta:\n${meta}`);
  return `\n  ${one.directory || '.'}:${body ? `\n${body}` : ' {}\n'}`;
}

function vendoredEntries(project: Project): [string, string][] {
  return vendoredOf(project).map(({ name, path, version, tarball }) => {
    const resolution = tarball
      ? `    resolution: {integrity: ${tarball.integrity}, tarball: file:${path}}\n    version: 1.0.${version}\n`
      : `    resolution: {directory: ${path}, type: directory}\n`;
    return [`${name}@file:${path}`, resolution];
  });
}

function injectedEntries(packages: Package[]): [string, string][] {
  const names = new Set(packages.flatMap(({ injected }) => injected));
  return [...names].map((name) => [
    `${name}@file:packages/${name}`,
    `    resolution: {directory: packages/${name}, type: directory}\n`,
  ]);
}

function publishedEntries({ published }: Project): [string, string][] {
  if (!published) return [];
  const { version } = published;
  return [[`${PUBLISHED}@${version}`, `    resolution: {integrity: ${HASHES[version].integrity}}\n`]];
}
