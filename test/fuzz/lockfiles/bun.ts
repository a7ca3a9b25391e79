// bun.lock. It is JSON, but for its trailing commas, which bun does not need.
import type { Project } from '../project/model.js';
import { json, packagesOf, type Vendored, vendoredOf } from '../project/packages.js';
import { HASHES, PUBLISHED } from '../project/published.js';

export function bunLock(project: Project): string {
  const all = packagesOf(project);
  const workspaces = Object.fromEntries(
    all.map(({ directory, name, dependencies, devDependencies, peerDependencies }) => [
      directory,
      {
        name,
        ...(directory ? { version: '1.0.0' } : {}),
        ...(Object.keys(dependencies).length > 0 ? { dependencies } : {}),
        ...(Object.keys(devDependencies).length > 0 ? { devDependencies } : {}),
        ...(Object.keys(peerDependencies).length > 0 ? { peerDependencies } : {}),
      },
    ]),
  );
  const packages: Record<string, unknown[]> = {};
  for (const { directory, name } of all) if (directory) packages[name] = [`${name}@workspace:${directory}`];
  const vendored = vendoredOf(project);
  for (const one of vendored) packages[one.name] = vendoredEntry(project, one);
  const { published } = project;
  if (published) {
    const { integrity } = HASHES[published.version];
    packages[PUBLISHED] = [`${PUBLISHED}@${published.version}`, '', {}, integrity];
  }
  const trusted = vendored.map(({ name }) => name);
  return json({
    ...{ lockfileVersion: 2, configVersion: 1, workspaces },
    ...(trusted.length > 0 ? { trustedDependencies: trusted } : {}),
    packages: Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1))),
  });
}

function vendoredEntry(project: Project, one: Vendored): unknown[] {
  const info = one.script ? { hasInstallScript: true } : {};
  if (!one.tarball) return [`${one.name}@file:${one.path}`, info];
  const path = one.at && project.workspaces[one.at] ? `../../${one.path}` : one.path;
  return [`${one.name}@${path}`, info, one.tarball.integrity];
}
