// Changes of dependencies and workspaces.
import fc from 'fast-check';
import {
  anyDependency,
  anyPublished,
  anyScript,
  anyWorkspace,
  DEPENDENCY_NAMES,
  WORKSPACE_NAMES,
} from '../project/initial.js';
import type { Dependency, Project, Workspace } from '../project/model.js';
import { PUBLISHED } from '../project/published.js';
import { SCRIPT_NAMES } from '../project/scripts.js';
import { type Change, change, without } from './change.js';

const anyName = fc.constantFrom(...DEPENDENCY_NAMES);
const anyWorkspaceName = fc.constantFrom(...WORKSPACE_NAMES);

export const dependencyChanges: fc.Arbitrary<Change>[] = [
  change(fc.tuple(anyName, anyDependency), {
    kind: 'adds a dependency',
    say: ([name, one]) => `has dependency ${name}: ${describe(one)}`,
    edit: (project, [name, one]) => ({ dependencies: { ...project.dependencies, [name]: one } }),
  }),
  change(anyName, {
    kind: 'drops a dependency',
    say: (name) => `drops dependency ${name}`,
    edit: (project, name) => ({ dependencies: without(project.dependencies, name) }),
  }),
  change(fc.constant(undefined), { kind: 'drops all dependencies', edit: () => ({ dependencies: {} }) }),
  change(fc.tuple(anyName, fc.constantFrom(1, 2, 3, 4)), {
    kind: 'changes a dependency, its version the same',
    say: ([name, body]) => `changes what ${name} exports to ${body}, its version the same`,
    edit: (project, [name, body]) => ofDependency(project, name, { body }),
  }),
  change(fc.tuple(anyName, fc.constantFrom(1, 2, 3)), {
    kind: 'changes a version',
    say: ([name, version]) => `has ${name} at version 1.0.${version}`,
    edit: (project, [name, version]) => ofDependency(project, name, { version, body: version + 10 }),
  }),
  change(fc.tuple(anyName, fc.constantFrom('tarball' as const, 'directory' as const)), {
    kind: 'changes a form',
    say: ([name, form]) => `has ${name} as a ${form}`,
    edit: (project, [name, form]) => ofDependency(project, name, { form }),
  }),
  change(fc.tuple(anyName, fc.option(anyWorkspaceName, { nil: '' }), fc.boolean()), {
    kind: 'moves a dependency',
    say: ([name, at, dev]) =>
      `moves ${name} to the ${dev ? 'development ' : ''}dependencies of ${at || 'the root'}`,
    edit: (project, [name, at, dev]) => ofDependency(project, name, { at, dev }),
  }),
  change(fc.tuple(anyName, fc.constantFrom(...SCRIPT_NAMES)), {
    kind: 'gives a dependency a script',
    say: ([name, script]) => `gives ${name} an install script that ${script}`,
    edit: (project, [name, script]) => ofDependency(project, name, { script }),
  }),
  change(anyScript, {
    kind: 'changes the project’s own script',
    say: (script) =>
      script ? `has an install script of its own that ${script}` : 'has no install script of its own',
    edit: (_, script) => ({ script }),
  }),
  change(fc.option(anyPublished, { nil: undefined, freq: 4 }), {
    kind: 'changes what it has of the registry',
    say: (one) =>
      one ? `has ${PUBLISHED}@${one.version} in its ${one.as}` : `does not ask for ${PUBLISHED}`,
    edit: (_, published) => ({ published }),
  }),
  change(fc.boolean(), {
    kind: 'switches install-links',
    say: (on) => `has install-links=${on}`,
    applies: ({ manager }) => manager === 'npm',
    edit: (_, installLinks) => ({ installLinks }),
  }),
];

export const workspaceChanges: fc.Arbitrary<Change>[] = [
  change(fc.tuple(anyWorkspaceName, anyWorkspace), {
    kind: 'adds a workspace',
    say: ([name, one]) => `has workspace ${name}: ${describeWorkspace(one)}`,
    edit: (project, [name, one]) => ({ workspaces: { ...project.workspaces, [name]: one } }),
  }),
  change(anyWorkspaceName, {
    kind: 'removes a workspace',
    say: (name) => `removes workspace ${name}`,
    edit: (project, name) => ({ workspaces: without(project.workspaces, name) }),
  }),
  change(fc.tuple(anyWorkspaceName, anyWorkspaceName), {
    kind: 'renames a workspace',
    say: ([from, to]) => `renames workspace ${from} to ${to}`,
    edit: (project, [from, to]) => {
      const moved = project.workspaces[from];
      return moved ? { workspaces: { ...without(project.workspaces, from), [to]: moved } } : {};
    },
  }),
  change(fc.tuple(anyWorkspaceName, fc.constantFrom(1, 2, 3, 4)), {
    kind: 'changes a workspace',
    say: ([name, body]) => `changes what ${name} exports to ${body}`,
    edit: (project, [name, body]) => {
      const one = project.workspaces[name];
      return one ? { workspaces: { ...project.workspaces, [name]: { ...one, body } } } : {};
    },
  }),
];

function ofDependency(project: Project, name: string, fields: Partial<Dependency>): Partial<Project> {
  const one = project.dependencies[name];
  return one ? { dependencies: { ...project.dependencies, [name]: { ...one, ...fields } } } : {};
}

/** A dependency in a few words. */
export function describe({ form, version, body, script, dev, at }: Dependency): string {
  return [
    `a ${form} of version 1.0.${version} that exports ${body}`,
    ...(dev ? ['for development'] : []),
    ...(at ? [`asked for by ${at}, if that is a workspace`] : []),
    ...(script ? [`whose install script ${script}`] : []),
  ].join(', ');
}

/** A workspace in a few words. */
export function describeWorkspace({ body, script, needs, injected }: Workspace): string {
  return [
    `exports ${body}`,
    ...(needs ? [`needs ${needs}${injected ? ', as a copy' : ''}`] : []),
    ...(script ? [`its install script ${script}`] : []),
  ].join(', ');
}
