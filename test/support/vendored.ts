// Projects of npm whose dependencies lie in the repository, so that an install needs no registry.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packTarball, type Tarball } from './tarball.js';

export interface Vendored extends Tarball {
  name: string;
  hasScript: boolean;
}

/** Packs a package of these files. Its package.json is made from the name and the scripts. */
export function vendored(
  name: string,
  files: Record<string, string>,
  scripts: Record<string, string> = {},
): Vendored {
  const manifest = JSON.stringify({ name, version: '1.0.0', main: 'index.js', scripts });
  return {
    name,
    hasScript: 'postinstall' in scripts,
    ...packTarball({ ...files, 'package.json': manifest }),
  };
}

/** The manifest and the lockfile of a project that depends on these packages, which vendor() puts beside them. */
export function dependsOn(
  tarballs: Vendored[],
  scripts: Record<string, string> = {},
): Record<string, string> {
  const dependencies = Object.fromEntries(tarballs.map(({ name }) => [name, `file:${name}.tgz`]));
  const locked = tarballs.map(({ name, integrity, hasScript }) => [
    `node_modules/${name}`,
    {
      version: '1.0.0',
      resolved: `file:${name}.tgz`,
      integrity,
      ...(hasScript ? { hasInstallScript: true } : {}),
    },
  ]);
  const root = { name: 'x', dependencies, ...(scripts.postinstall ? { hasInstallScript: true } : {}) };
  return {
    'package.json': JSON.stringify({ name: 'x', private: true, scripts, dependencies }),
    'package-lock.json': JSON.stringify({
      name: 'x',
      lockfileVersion: 3,
      requires: true,
      packages: { '': root, ...Object.fromEntries(locked) },
    }),
  };
}

/** Writes the tarballs into a repository's directory; commit() then commits them. */
export async function vendor(repo: string, tarballs: Vendored[]): Promise<void> {
  for (const { name, bytes } of tarballs) await writeFile(join(repo, `${name}.tgz`), bytes);
}
