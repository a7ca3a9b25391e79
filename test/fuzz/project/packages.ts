// The packages of a project: what each asks for, and the files that it consists of. Pure.

import { packTarball, type Tarball } from '../../support/tarball.js';
import { type Dependency, isBerry, type Project, type Published, type Workspace } from './model.js';
import { PUBLISHED } from './published.js';
import { scriptText } from './scripts.js';

/** A package.json with what the lockfiles need to know of it. */
export interface Package {
  /** Relative to the repository; empty for the root. */
  directory: string;
  name: string;
  hasScript: boolean;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  /** Whether another workspace asks for it. */
  isNeeded: boolean;
  /** Workspaces that are copied into it. */
  injected: string[];
}

export interface Vendored extends Dependency {
  name: string;
  /** Relative to the repository. */
  path: string;
  tarball: Tarball | undefined;
}

/** The vendored packages, sorted by name. */
export function vendoredOf(project: Project): Vendored[] {
  return Object.entries(project.dependencies)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, dependency]) => {
      const isTarball = hasTarball(project, dependency);
      const path = isTarball ? `vendor/${name}-1.0.${dependency.version}.tgz` : `lib/${name}`;
      return {
        name,
        ...dependency,
        path,
        tarball: isTarball ? packTarball(filesOf(name, dependency)) : undefined,
      };
    });
}

/** Yarn 4 would have checksums of its own for tarballs: its packages are all directories. */
function hasTarball(project: Project, { form }: Dependency): boolean {
  return form === 'tarball' && !isBerry(project);
}

/** The files of a vendored package. */
export function filesOf(name: string, { version, body, script }: Dependency): Record<string, string> {
  return {
    'package.json': json({
      name,
      version: `1.0.${version}`,
      main: 'index.js',
      ...(script ? { scripts: { postinstall: 'sh make.sh' } } : {}),
    }),
    'index.js': `module.exports = ${body};\n`,
    // Some packages come with what tsc left, which is no cache of the project.
    'index.tsbuildinfo': '{ "fileNames": ["./index.ts"], "affectedFilesPendingEmit": [] }\n',
    ...(script ? { 'make.sh': scriptText(script) } : {}),
  };
}

/** The root first, then the workspaces by name. */
export function packagesOf(project: Project): Package[] {
  const names = Object.keys(project.workspaces).sort();
  return [rootPackage(project), ...names.map((name) => workspacePackage(project, name))];
}

function rootPackage(project: Project): Package {
  const own = vendoredOf(project).filter((dependency) => usedAt(project, dependency) === '');
  const protocol = isBerry(project) ? 'portal' : 'file';
  const published = (as: Published['as']) =>
    project.published?.as === as ? { [PUBLISHED]: project.published.version } : {};
  const specs = (dev: boolean) =>
    Object.fromEntries(
      own.filter((one) => (one.dev ?? false) === dev).map((one) => [one.name, `${protocol}:${one.path}`]),
    );
  return {
    ...{
      directory: '',
      name: 'root',
      hasScript: project.script !== undefined,
      injected: [],
      isNeeded: false,
    },
    dependencies: sorted({ ...specs(false), ...published('dependencies') }),
    devDependencies: sorted({ ...specs(true), ...published('devDependencies') }),
    peerDependencies: published('peerDependencies'),
  };
}

function workspacePackage(project: Project, name: string): Package {
  const workspace = project.workspaces[name] as Workspace;
  const own = vendoredOf(project).filter((dependency) => usedAt(project, dependency) === name);
  const needs = neededBy(project, name);
  const range = project.manager === 'npm' || project.manager === 'yarn' ? '1.0.0' : 'workspace:*';
  const dependencies = [
    ...own.map((one) => [one.name, `file:../../${one.path}`] as const),
    ...(needs ? [[needs, range] as const] : []),
  ];
  return {
    ...{
      directory: `packages/${name}`,
      name,
      hasScript: workspace.script !== undefined,
      isNeeded: Object.keys(project.workspaces).some((other) => neededBy(project, other) === name),
      devDependencies: {},
      peerDependencies: {},
    },
    dependencies: sorted(Object.fromEntries(dependencies)),
    injected: needs && isInjected(project, name, needs) ? [needs] : [],
  };
}

/** Where a vendored package is asked for: a workspace's name, or empty for the root. Only tarballs can be elsewhere. */
export function usedAt(project: Project, dependency: Dependency): string {
  const { at } = dependency;
  return hasTarball(project, dependency) && at !== undefined && project.workspaces[at] ? at : '';
}

/** Only later names: no two workspaces need each other. */
function neededBy(project: Project, name: string): string | undefined {
  const needs = project.workspaces[name]?.needs;
  return needs && needs > name && project.workspaces[needs] ? needs : undefined;
}

/** What needs nothing itself is copied; the copy of more would need entries of its own in the lockfile. */
function isInjected(project: Project, name: string, needs: string): boolean {
  const needsNothing =
    !neededBy(project, needs) &&
    Object.values(project.dependencies).every((one) => usedAt(project, one) !== needs);
  return project.manager === 'pnpm' && project.workspaces[name]?.injected === true && needsNothing;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
