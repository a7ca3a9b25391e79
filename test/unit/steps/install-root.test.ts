import { expect, it } from 'vitest';
import { callSteps, workspaceOf } from '../../support/steps.js';

/** Where the dependencies of a project are installed, and its lockfile. */
async function find(
  flavour: string,
  files: Record<string, string>,
  { project = 'docs', dependencies = 1 }: { project?: string; dependencies?: number } = {},
) {
  const at = await workspaceOf({ [`${project}/package.json`]: '{}', ...files });
  const script = `WORKSPACE=${at} FACTS[project]=${at}/${project} FACTS[dependencies]=${dependencies}
    install-root::find ${flavour}; printf '%s\\n' "$INSTALL_ROOT" "$LOCKFILE"`;
  const { stdout } = await callSteps(['manager.sh', 'install-root.sh'], script);
  const [root = '', lockfile = ''] = stdout.split('\n').map((path) => path.replace(at, '.'));
  return { root, lockfile };
}

const listing = (...workspaces: string[]) => ({ 'package.json': JSON.stringify({ workspaces }) });
const LOCK = { 'package-lock.json': '{}' };

it.each([
  [
    'its own lockfile',
    { 'docs/package-lock.json': '', ...LOCK, ...listing('docs') },
    './docs/package-lock.json',
  ],
  ['a root that lists it', { ...LOCK, ...listing('docs') }, './package-lock.json'],
  [
    'a root that lists it with a glob',
    { ...LOCK, ...listing('packages/*', './doc*/') },
    './package-lock.json',
  ],
  [
    'a root that lists it as yarn 1 does',
    { ...LOCK, 'package.json': '{"workspaces":{"packages":["docs"]}}' },
    './package-lock.json',
  ],
])('a project with %s is installed with that lockfile', async (_, files, lockfile) => {
  expect(await find('npm', files)).toEqual({ root: lockfile.replace(/\/[^/]*$/, ''), lockfile });
});

it.each([
  ['without workspaces', { ...LOCK, 'package.json': '{"dependencies":{"a":"1"}}' }],
  ['that lists others', { ...LOCK, ...listing('packages/*') }],
  ['that leaves it out', { ...LOCK, ...listing('*', '!docs') }],
  ['whose package.json is none', { ...LOCK, 'package.json': 'no' }],
  ['that has no lockfile either', listing('packages/*')],
])('a project below a root %s is installed by itself', async (_, files) => {
  expect(await find('npm', files)).toEqual({ root: './docs', lockfile: '' });
});

it('what needs nothing of its own uses what is above it', async () => {
  const found = await find('npm', { ...LOCK, ...listing('packages/*') }, { dependencies: 0 });
  expect(found).toEqual({ root: '.', lockfile: './package-lock.json' });
});

it('a member of workspaces without a lockfile is installed with them', async () => {
  expect(await find('npm', listing('docs'))).toEqual({ root: '.', lockfile: '' });
  expect(
    await find('npm', { 'apps/package.json': listing('*')['package.json'] }, { project: 'apps/docs' }),
  ).toEqual({
    root: './apps',
    lockfile: '',
  });
});

it.each([
  ["packages:\n  - 'docs'\n", true],
  ['packages:\n- docs # the site\n- "x/*"\n', true],
  ['packages: ["a/*", \'do*\']\n', true],
  ['packages: [\n  a,\n  docs,\n]\n', true],
  ['# all\r\npackages:\r\n  # ours\r\n  - "**"\r\ncatalog:\r\n  - x\r\n', true],
  ["packages:\n  - '*'\n  - '!docs'\n", false],
  ["packages:\n  - 'packages/*'\nallowBuilds:\n  docs: true\n", false],
  ["packages:\n  - 'a'\n\nonlyBuiltDependencies:\n  - docs\n", false],
  ['onlyBuiltDependencies:\n  - docs\n', false],
])('pnpm-workspace.yaml %j has docs as a member: %s', async (yaml, member) => {
  const files = { 'pnpm-workspace.yaml': yaml, 'pnpm-lock.yaml': '', ...listing('docs') };
  const root = member ? '.' : './docs';
  expect(await find('pnpm', files)).toEqual({ root, lockfile: member ? './pnpm-lock.yaml' : '' });
});

it.each([
  ["packages:\n  - 'packages/*'\n", 'pnpm install --no-frozen-lockfile --ignore-workspace'],
  ["packages:\n  - '*'\n", 'pnpm install --no-frozen-lockfile'],
])('below the workspaces %j pnpm runs %j', async (yaml, command) => {
  const at = await workspaceOf({ 'docs/package.json': '{}', 'pnpm-workspace.yaml': yaml });
  const script = `WORKSPACE=${at} FACTS[project]=${at}/docs FACTS[dependencies]=1
    install-root::find pnpm; manager::call pnpm plain; echo "\${WORDS[*]}"`;
  expect((await callSteps(['manager.sh', 'install-root.sh'], script)).stdout).toBe(command);
});
