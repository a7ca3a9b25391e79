// The lockfile of a project, as its package manager writes it.
import { isManaged, type Manager, type Project } from '../project/model.js';
import { berryLock } from './berry.js';
import { bunLock } from './bun.js';
import { npmLock } from './npm.js';
import { pnpmLock } from './pnpm.js';
import { yarnLock } from './yarn.js';

const LOCKFILES: Record<Exclude<Manager, 'none'>, [string, (project: Project) => string]> = {
  npm: ['package-lock.json', npmLock],
  yarn: ['yarn.lock', yarnLock],
  berry: ['yarn.lock', berryLock],
  pnp: ['yarn.lock', berryLock],
  pnpm: ['pnpm-lock.yaml', pnpmLock],
  bun: ['bun.lock', bunLock],
};

/** Its path and its text; undefined if the project has none. */
export function lockfileOf(project: Project): [string, string] | undefined {
  if (!isManaged(project) || project.manager === 'none') return undefined;
  // bun removes the lockfile of a project that asks for nothing.
  const asks =
    project.published !== undefined ||
    Object.keys({ ...project.dependencies, ...project.workspaces }).length > 0;
  if (project.manager === 'bun' && !asks) return undefined;
  const [path, write] = LOCKFILES[project.manager];
  return [path, write(project)];
}
