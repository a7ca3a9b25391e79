// The files of a monorepo's commit, manifests and lockfile included, and its tree.
import { createHash } from 'node:crypto';
import type { Tree } from '../../src/reuse/tree.js';
import { type Member, type Monorepo, PUBLISHED, published } from './model.js';

/** The tree of its commit; `before`: that of the commit with which it is compared. */
export function treeOfMonorepo(repo: Monorepo, before?: Tree): Tree {
  const files = filesOf(repo);
  const entries = Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({ mode: '100644', id: idOf(text), path }));
  const texts = new Map(Object.values(files).map((text) => [idOf(text), text]));
  const ids = new Map(before?.entries.map(({ path, id }) => [path, id]));
  const changed = entries.filter(({ path, id }) => ids.get(path) !== id).map(({ path }) => path);
  return { id: idOf(JSON.stringify(entries)), entries, texts, changed: before ? changed : undefined };
}

function filesOf(repo: Monorepo): Record<string, string> {
  const { manager, members, root } = repo;
  const files: Record<string, string> = {
    ...root,
    'package.json': json({ name: 'root', workspaces: ['apps/*', 'packages/*'] }),
  };
  if (manager === 'pnpm') files['pnpm-workspace.yaml'] = "packages:\n  - 'apps/*'\n  - packages/*\n";
  for (const [directory, member] of Object.entries(members)) {
    files[`${directory}/package.json`] = json({
      name: member.name,
      dependencies: dependenciesOf(repo, member),
    });
    for (const [path, text] of Object.entries(member.files)) files[`${directory}/${path}`] = text;
  }
  const [path, text] = LOCKS[manager](repo);
  files[path] = text;
  return files;
}

const LOCKS: Record<Monorepo['manager'], (repo: Monorepo) => [string, string]> = {
  npm: (repo) => ['package-lock.json', npmLock(repo)],
  pnpm: (repo) => ['pnpm-lock.yaml', pnpmLock(repo)],
  yarn: (repo) => ['yarn.lock', allPublished(repo).map(yarnEntry).join('\n')],
  berry: (repo) => ['yarn.lock', berryLock(repo)],
};

/** Versions that differ are in the member's own directory; npm hoists those that come first. */
function npmLock(repo: Monorepo): string {
  const packages: Record<string, object> = { '': { name: 'root' } };
  for (const [directory, member] of Object.entries(repo.members)) {
    packages[directory] = { name: member.name, dependencies: dependenciesOf(repo, member) };
    packages[`node_modules/${member.name}`] = { resolved: directory, link: true };
    for (const one of published(member.published)) {
      const [name = '', version = ''] = one.split('@');
      const hoisted = packages[`node_modules/${name}`] as { version: string } | undefined;
      const place =
        hoisted && hoisted.version !== version ? `${directory}/node_modules/${name}` : `node_modules/${name}`;
      packages[place] = { version, dependencies: Object.fromEntries(needsOf(name, version)) };
    }
  }
  return json({ lockfileVersion: 3, packages });
}

function pnpmLock(repo: Monorepo): string {
  const importers = Object.entries(repo.members).map(([directory, member]) => {
    const entries = Object.entries(dependenciesOf(repo, member)).map(
      ([name, range]) =>
        `      ${name}:\n        specifier: ${range}\n        version: ${range.startsWith('workspace') ? `link:../../packages/${name}` : range}\n`,
    );
    return `\n  ${directory}:${entries.length > 0 ? `\n    dependencies:\n${entries.join('')}` : ' {}\n'}`;
  });
  const all = allPublished(repo);
  const packages = all.map((one) => `\n  ${one}:\n    resolution: {integrity: sha512-${one}}\n`);
  const snapshots = all.map((one) => {
    const [name = '', version = ''] = one.split('@');
    const needs = needsOf(name, version).map(([other, said]) => `      ${other}: ${said}\n`);
    return `\n  ${one}:${needs.length > 0 ? `\n    dependencies:\n${needs.join('')}` : ' {}\n'}`;
  });
  return `lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n${importers.join('')}\npackages:\n${packages.join('')}\nsnapshots:\n${snapshots.join('')}`;
}

function yarnEntry(one: string): string {
  const [name = '', version = ''] = one.split('@');
  const needs = needsOf(name, version).map(([other, said]) => `    ${other} "${said}"\n`);
  return `${one}:\n  version "${version}.0.0"\n${needs.length > 0 ? `  dependencies:\n${needs.join('')}` : ''}`;
}

function berryLock(repo: Monorepo): string {
  const entry = (key: string, needs: readonly (readonly [string, string])[]) =>
    `"${key}":\n  version: 1.0.0\n  resolution: "${key}"\n${needs.length > 0 ? `  dependencies:\n${needs.map(([name, range]) => `    ${name}: "${range}"\n`).join('')}` : ''}  linkType: hard\n`;
  const own = Object.entries(repo.members).map(([directory, member]) => {
    const needs = Object.entries(dependenciesOf(repo, member)).map(
      ([name, range]) => [name, /^\d/.test(range) ? `npm:${range}` : range] as const,
    );
    return entry(`${member.name}@workspace:${directory}`, needs);
  });
  const all = allPublished(repo).map((one) => {
    const [name = '', version = ''] = one.split('@');
    return entry(`${name}@npm:${version}`, needsOf(name, `npm:${version}`));
  });
  return ['__metadata:\n  version: 8\n', entry('root@workspace:.', []), ...own, ...all].join('\n');
}

function dependenciesOf({ manager }: Monorepo, { needs, published: wanted }: Member): Record<string, string> {
  const range = manager === 'npm' || manager === 'yarn' ? '*' : 'workspace:*';
  return { ...Object.fromEntries(needs.map((name) => [name, range])), ...wanted };
}

function allPublished({ members }: Monorepo): string[] {
  return [...new Set(Object.values(members).flatMap(({ published: wanted }) => published(wanted)))].sort();
}

function needsOf(name: string, version: string): [string, string][] {
  return (PUBLISHED[name] ?? []).map((other) => [other, version]);
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}

function idOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
