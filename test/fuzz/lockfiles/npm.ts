// package-lock.json, version 3.
import type { Project } from '../project/model.js';
import { json, type Package, packagesOf, type Vendored, vendoredOf } from '../project/packages.js';
import { HASHES, PUBLISHED, tarballUrl } from '../project/published.js';

export function npmLock(project: Project): string {
  const packages: Record<string, object> = {};
  for (const one of packagesOf(project)) {
    packages[one.directory] = packageEntry(project, one);
    if (one.directory) packages[`node_modules/${one.name}`] = { resolved: one.directory, link: true };
  }
  for (const one of vendoredOf(project)) Object.assign(packages, vendoredEntries(project, one));
  Object.assign(packages, publishedEntry(project));
  return json({ name: 'root', version: '1.0.0', lockfileVersion: 3, requires: true, packages });
}

function packageEntry(project: Project, one: Package): object {
  const isRoot = one.directory === '';
  const { dependencies, devDependencies, peerDependencies } = one;
  return {
    ...(isRoot ? { name: 'root' } : {}),
    version: '1.0.0',
    ...(one.hasScript ? { hasInstallScript: true } : {}),
    ...(isRoot && Object.keys(project.workspaces).length > 0 ? { workspaces: ['packages/*'] } : {}),
    ...(Object.keys(dependencies).length > 0 ? { dependencies } : {}),
    ...(Object.keys(devDependencies).length > 0 ? { devDependencies } : {}),
    ...(Object.keys(peerDependencies).length > 0 ? { peerDependencies } : {}),
  };
}

function vendoredEntries(project: Project, one: Vendored): Record<string, object> {
  const is = {
    ...(one.dev && !one.at ? { dev: true } : {}),
    ...(one.script ? { hasInstallScript: true } : {}),
  };
  const version = `1.0.${one.version}`;
  const place = `node_modules/${one.name}`;
  if (one.tarball)
    return { [place]: { version, resolved: `file:${one.path}`, integrity: one.tarball.integrity, ...is } };
  if (project.installLinks) return { [place]: { version, resolved: `file:${one.path}`, ...is } };
  return { [place]: { resolved: one.path, link: true }, [one.path]: { version, ...is } };
}

function publishedEntry({ published }: Project): Record<string, object> {
  if (!published) return {};
  const { version, as } = published;
  const is = {
    ...(as === 'devDependencies' ? { dev: true } : {}),
    ...(as === 'peerDependencies' ? { peer: true } : {}),
  };
  const resolved = tarballUrl('registry.npmjs.org', version);
  return {
    [`node_modules/${PUBLISHED}`]: { version, resolved, integrity: HASHES[version].integrity, ...is },
  };
}
