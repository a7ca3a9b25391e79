// What a generated project is: a value, from which its files, its job and its lockfile follow. Pure.

/** A file or a link that git tracks. */
export type Entry = { text: string; executable?: boolean } | { link: string };

/** Path → entry of all that a commit tracks; a submodule is `{ commit }`. */
export type Tree = Map<string, Entry | { bytes: Buffer } | { commit: string }>;

/** `berry` and `pnp`: yarn 4, the latter with Plug'n'Play. */
export const MANAGERS = ['npm', 'yarn', 'berry', 'pnp', 'pnpm', 'bun', 'none'] as const;
export type Manager = (typeof MANAGERS)[number];

/** A package out of the repository itself: no registry is needed. */
export interface Dependency {
  /** A tarball in vendor/, or a directory in lib/ that the managers link or copy. */
  form: 'tarball' | 'directory';
  version: number;
  /** What it exports. A new body may come without a new version. */
  body: number;
  script?: Script | undefined;
  dev?: boolean | undefined;
  /** The workspace that asks for it, instead of the root. Only tarballs. */
  at?: string | undefined;
}

/** A package of the registry. */
export interface Published {
  version: '2.1.2' | '2.1.3';
  /** What asks for it in the root's package.json. */
  as: 'dependencies' | 'devDependencies' | 'peerDependencies';
}

export interface Workspace {
  body: number;
  script?: Script | undefined;
  /** Another workspace that it asks for. */
  needs?: string | undefined;
  /** Copied instead of linked; pnpm only. */
  injected?: boolean | undefined;
}

/** An install script: of the project, of a workspace or of a dependency. Its name is its row in scripts.ts. */
export type Script = keyof typeof import('./scripts.js').SCRIPTS;

/** What a build does besides building. Its name is its row in habits.ts. */
export type Habit = keyof typeof import('./habits.js').HABITS;

/** A file whose content is in LFS. */
export interface Lfs {
  version: number;
  /** Whether .gitattributes says so; else its pointer is what a checkout has. */
  isTracked: boolean;
  /** Whether .lfsconfig says that it is not wanted. */
  isExcluded: boolean;
}

export interface Project {
  files: Record<string, Entry>;
  attributes: string[];
  ignored: string[];
  manager: Manager;
  /** The job leaves it to koalaci to find the package manager. */
  auto?: boolean | undefined;
  node?: string | undefined;
  dependencies: Record<string, Dependency>;
  workspaces: Record<string, Workspace>;
  /** Asks for a package of the registry. */
  published?: Published | undefined;
  script?: Script | undefined;
  /** npm copies directories too. */
  installLinks: boolean;
  /** No package.json at all. */
  plain: boolean;
  /** The workspace that is built instead of the root. */
  root?: string | undefined;
  env: Record<string, string>;
  habits: Habit[];
  dist: string;
  branch: string;
  repository: string;
  /** The submodule's version; undefined without one. */
  submodule?: number | undefined;
  /** A file in LFS; undefined without one. */
  lfs?: Lfs | undefined;
  /** Its package.json names caches of its own. */
  cache: string[];
}

/** The directory that the job names as project_root, relative; empty for the repository's own. */
export function rootOf(project: Project): string {
  return project.root && project.workspaces[project.root] ? `packages/${project.root}` : '';
}

/** Whether yarn 4 installs it. */
export function isBerry({ manager }: Project): boolean {
  return manager === 'berry' || manager === 'pnp';
}

/** Whether the project has any package.json that names dependencies. */
export function isManaged(project: Project): boolean {
  return project.manager !== 'none' && !project.plain;
}
