// Everything that a commit of a project tracks. Pure.

import { pointerTo } from '../../support/lfs.js';
import { lockfileOf } from '../lockfiles/lockfile.js';
import { contentOf, TRACKED } from './lfs.js';
import { type Entry, isBerry, type Project, type Tree } from './model.js';
import { filesOf, json, type Package, packagesOf, vendoredOf } from './packages.js';
import { scriptText } from './scripts.js';

/** `submodule`: the commit of the submodule's version. */
export function treeOf(project: Project, submodule: (version: number) => string): Tree {
  const tree: Tree = new Map<string, Entry>(Object.entries(project.files));
  const put = (path: string, text: string) => tree.set(path, { text });
  const { lfs } = project;
  const attributes = [...project.attributes, ...(lfs?.isTracked ? [TRACKED] : [])];
  if (attributes.length > 0) put('.gitattributes', lines(attributes));
  if (lfs) put('big.dat', pointerTo(contentOf(lfs.version)));
  if (lfs?.isExcluded) put('.lfsconfig', '[lfs]\n\tfetchexclude = *.dat\n');
  if (project.ignored.length > 0) put('.gitignore', lines(project.ignored));
  if (project.node) put('.nvmrc', `${project.node}\n`);
  if (!project.plain) putPackages(project, put, tree);
  if (project.submodule !== undefined) {
    put('.gitmodules', '[submodule "sub"]\n\tpath = sub\n\turl = ../sub.git\n');
    tree.set('sub', { commit: submodule(project.submodule) });
  }
  return tree;
}

function putPackages(project: Project, put: (path: string, text: string) => void, tree: Tree): void {
  for (const one of packagesOf(project)) {
    const at = one.directory && `${one.directory}/`;
    const own = one.directory ? project.workspaces[one.name] : undefined;
    put(`${at}package.json`, json(manifestOf(project, one)));
    if (own) put(`${at}index.js`, `module.exports = ${own.body};\n`);
    const script = own ? own.script : project.script;
    if (script) put(`${at}make.sh`, scriptText(script));
  }
  for (const { name, path, tarball, ...dependency } of vendoredOf(project)) {
    if (tarball) tree.set(path, { bytes: tarball.bytes });
    else for (const [file, text] of Object.entries(filesOf(name, dependency))) put(`${path}/${file}`, text);
  }
  const lockfile = lockfileOf(project);
  if (lockfile) put(...lockfile);
  if (project.manager === 'pnpm')
    put('pnpm-workspace.yaml', 'packages:\n  - packages/*\ndangerouslyAllowAllBuilds: true\n');
  if (isBerry(project))
    put('.yarnrc.yml', `nodeLinker: ${project.manager === 'pnp' ? 'pnp' : 'node-modules'}\n`);
  if (project.manager === 'npm' && project.installLinks) put('.npmrc', 'install-links=true\n');
}

function manifestOf(project: Project, one: Package): object {
  const { dependencies, devDependencies, peerDependencies, injected } = one;
  const isRoot = one.directory === '';
  const named = (name: string, values: Record<string, string>) =>
    Object.keys(values).length > 0 ? { [name]: values } : {};
  return {
    ...{ name: one.name, version: '1.0.0' },
    ...(isRoot ? rootFields(project) : { main: 'index.js' }),
    ...(one.hasScript ? { scripts: { postinstall: 'sh make.sh' } } : {}),
    ...named('dependencies', dependencies),
    ...named('devDependencies', devDependencies),
    ...named('peerDependencies', peerDependencies),
    ...(injected.length > 0
      ? { dependenciesMeta: Object.fromEntries(injected.map((name) => [name, { injected: true }])) }
      : {}),
  };
}

function rootFields(project: Project): object {
  const names = Object.keys(project.dependencies).sort();
  return {
    private: true,
    ...(Object.keys(project.workspaces).length > 0 ? { workspaces: ['packages/*'] } : {}),
    ...(project.manager === 'bun' && names.length > 0 ? { trustedDependencies: names } : {}),
    ...(project.cache.length > 0 ? { koalaci: { cache: project.cache } } : {}),
  };
}

const lines = (list: string[]) => list.map((line) => `${line}\n`).join('');
