// @ts-check
// The commands that build a package of a monorepo, with what it needs of the others.
import { posix } from 'node:path';
import { targetsOf } from './elsewhere.mjs';
import { quoted, runProgram, runScript } from './manager.mjs';
import { manifestOf } from './manifest.mjs';
import { nxSite } from './nx.mjs';
import { commandsOf } from './scripts.mjs';
import { neededBy, workspacesOf } from './workspaces.mjs';

/** @typedef {import('./project-files.mjs').ProjectFiles} ProjectFiles */
/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./workspaces.mjs').Workspaces} Workspaces */
/** @typedef {import('./workspaces.mjs').Member} Member */
/** @typedef {import('./detection.mjs').Finding} Finding */
/** @typedef {import('./detection.mjs').Site & { root: string }} Package */

/** The members to build before a package. @param {Workspaces} spaces @param {Manifest} manifest */
export function needsOf(spaces, manifest) {
  return neededBy(spaces, manifest).filter((one) => 'build' in one.manifest.scripts);
}

/**
 * The command that builds one package, in the root of a monorepo. `isBuilt`: its build script is for packages; `isPublished`: the project
 * publishes this one.
 * @param {ProjectFiles} files
 * @param {{ directory: string, isBuilt: boolean, isPublished: boolean }} top
 * @param {Package} only
 * @param {string | null} manager
 * @returns {Finding}
 */
export function commandAtRoot(files, { directory, isBuilt, isPublished }, only, manager) {
  const root = manifestOf(files, directory);
  const spaces = workspacesOf(files, directory);
  const isMember = spaces?.members.some((one) => one.directory === only.root) ?? true;
  if (
    isMember &&
    isBuilt &&
    root &&
    'build' in root.scripts &&
    (buildsAll(root) || (!isPublished && builds(files, directory, root, only)))
  )
    return {
      value: runScript(manager, 'build'),
      reason: `scripts.build: ${root.scripts.build}`,
      file: root.file,
    };
  // Nx is called so anywhere in the workspace.
  if (nxSite(files, only.root, manager)) return only.build_command;
  const manifest = manifestOf(files, only.root);
  if (!spaces || !isMember || !manifest || !('build' in manifest.scripts)) {
    const value = `cd ${quoted(posix.relative(posix.normalize(directory), only.root))} && ${only.build_command.value}`;
    return only.build_command.value === '' ? only.build_command : { ...only.build_command, value };
  }
  const own = buildOf({ directory: only.root, manifest }, manager);
  return commandWith(files, { spaces, manifest, needs: needsOf(spaces, manifest), manager }, own);
}

/** Whether the build script of a monorepo's root leads to a package, or runs nothing that says where it leads. @param {ProjectFiles} files @param {string} directory @param {Manifest} root @param {Package} only */
function builds(files, directory, root, only) {
  const isOpaque = commandsOf(root, 'build').every(
    ([program = '']) => !/^(node|tsx|ts-node|bun)$/.test(program),
  );
  return isOpaque || targetsOf(files, directory, root, 'build').some((one) => one.directory === only.root);
}

/** Whether the build script of a monorepo's root builds all packages. @param {Manifest} manifest */
function buildsAll(manifest) {
  return commandsOf(manifest, 'build').some(
    ([program = '', ...words]) =>
      /^(turbo|nx|lerna|wsrun|pnpm|npm|yarn|bun)$/.test(program) &&
      (/^(turbo|nx|lerna|wsrun)$/.test(program) ||
        words.some((word) => /^(-r|--recursive|--workspaces|-ws|foreach)$/.test(word))) &&
      !words.some((word) => /^(--filter|-F|--scope|--include|-p|--projects?)(=|$)/.test(word)),
  );
}

/**
 * A command that builds a package after what it needs: by the tool that knows the graph, else one after the other.
 * @param {ProjectFiles} files
 * @param {{ spaces: Workspaces, manifest: Manifest, needs: Member[], manager: string | null }} project
 * @param {string} own how the package alone is built
 * @returns {Finding}
 */
export function commandWith(files, { spaces: { root }, manifest, needs, manager }, own) {
  const top = manifestOf(files, root);
  const name = quoted(manifest.name ?? '');
  /** @param {string} file */
  const has = (file) => files.isFile(posix.join(root, file));
  if (has('turbo.json') && top?.dependencies.has('turbo') && manifest.name)
    return {
      value: runProgram(manager, `turbo run build --filter=${name}`),
      reason: 'Turborepo builds it, and what it needs',
      file: posix.join(root, 'turbo.json'),
    };
  if (has('nx.json') && top?.dependencies.has('nx') && manifest.name)
    return {
      value: runProgram(manager, `nx run ${name}:build`),
      reason: 'Nx builds it, and what it needs',
      file: posix.join(root, 'nx.json'),
    };
  if (manager === 'pnpm' && manifest.name)
    return {
      value: `pnpm --filter ${quoted(`${manifest.name}...`)} run build`,
      reason: 'it and the packages that it needs',
      file: manifest.file,
    };
  const value = [...needs.map((one) => buildOf(one, manager)), own].join(' && ');
  return {
    value,
    reason:
      needs.length > 0 ? 'the packages that it needs, and it' : `scripts.build: ${manifest.scripts.build}`,
    file: manifest.file,
  };
}

/**
 * The command that builds one member, in any directory of the workspaces.
 * @param {Member} member
 * @param {string | null} manager
 */
function buildOf({ manifest }, manager) {
  const name = quoted(manifest.name ?? '');
  if (manager === 'yarn') return `yarn workspace ${name} run build`;
  if (manager === 'bun') return `bun run --filter ${name} build`;
  if (manager === 'pnpm') return `pnpm --filter ${name} run build`;
  return `npm run build --workspace ${name}`;
}
