// Projects of npm whose dependencies lie in the repository, so that an install needs no registry.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';

export interface Tarball {
  name: string;
  /** The tarball, in base64. */
  content: string;
  integrity: string;
  hasScript: boolean;
}

/** Packs a package of these files. Its package.json is made from the name and the scripts. */
export async function tarball(
  name: string,
  files: Record<string, string>,
  scripts: Record<string, string> = {},
): Promise<Tarball> {
  const directory = await mkdtemp(join(tmpdir(), 'koala-tarball-'));
  const manifest = JSON.stringify({ name, version: '1.0.0', main: 'index.js', scripts });
  for (const [path, text] of Object.entries({ ...files, 'package.json': manifest })) {
    const at = join(directory, 'package', path);
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, text);
  }
  const file = join(directory, 'packed.tgz');
  await create({ gzip: true, cwd: directory, file, portable: true, mtime: new Date(0) }, ['package']);
  const bytes = await readFile(file);
  await rm(directory, { recursive: true });
  return {
    name,
    content: bytes.toString('base64'),
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    hasScript: 'postinstall' in scripts,
  };
}

/** The files of a project that depends on these tarballs: manifest and lockfile as text, tarballs as base64 under `*.b64`. */
export function dependsOn(tarballs: Tarball[], scripts: Record<string, string> = {}): Record<string, string> {
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
export async function vendor(repo: string, tarballs: Tarball[]): Promise<void> {
  for (const { name, content } of tarballs)
    await writeFile(join(repo, `${name}.tgz`), Buffer.from(content, 'base64'));
}
