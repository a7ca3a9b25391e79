import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_MANAGER_CHOICES, PACKAGE_MANAGERS } from '../../../src/job/package-managers.js';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

const MANAGERS = ['manager.sh', 'manifest.sh'];
const ROOT = join(import.meta.dirname, '../../..');

/** Calls a function in a workspace; the project is apps/site, or the workspace itself. */
async function ask(script: string, files: Record<string, string>, project: '' | '/apps/site' = '') {
  const at = await workspaceOf({ 'apps/site/.keep': '', ...files });
  const setUp = `WORKSPACE=${at} FACTS[project]=${at}${project}`;
  const said = await callSteps(MANAGERS, `${setUp}\n${script}`);
  return { ...said, stdout: said.stdout.replace(`${at}/`, '') };
}

describe('the lockfile of', () => {
  const find = (flavour: string) => `manager::find_lockfile ${flavour}; echo "$REPLY"`;

  it.each([
    ['npm', ['package-lock.json'], 'package-lock.json'],
    ['npm', ['package-lock.json', 'npm-shrinkwrap.json'], 'npm-shrinkwrap.json'],
    ['yarn-classic', ['yarn.lock'], 'yarn.lock'],
    ['yarn-berry', ['yarn.lock'], 'yarn.lock'],
    ['pnpm', ['pnpm-lock.yaml', 'package-lock.json'], 'pnpm-lock.yaml'],
    ['bun', ['bun.lock'], 'bun.lock'],
    ['bun', ['bun.lockb'], 'bun.lockb'],
    ['npm', ['apps/site/package-lock.json', 'package-lock.json'], 'apps/site/package-lock.json'],
    ['npm', ['apps/package-lock.json', 'package-lock.json'], 'apps/package-lock.json'],
    ['pnpm', ['apps/site/package-lock.json', 'pnpm-lock.yaml'], 'pnpm-lock.yaml'],
  ])('%s among %j is %s', async (flavour, names, found) => {
    const files = Object.fromEntries(names.map((name) => [name, '']));
    expect(await ask(find(flavour), files, '/apps/site')).toEqual({ exitCode: 0, stdout: found });
  });

  it.each([
    ['npm', { 'yarn.lock': '' }],
    ['bun', { 'apps/other/bun.lock': '' }],
    ['pnpm', { 'pnpm-lock.yaml/file': '' }],
  ])('%s is not among those of others: %j', async (flavour, files) => {
    expect((await ask(find(flavour), files, '/apps/site')).exitCode).toBe(1);
  });
});

describe('without a word in package.json, the package manager is', () => {
  it.each([
    ['npm', ['package-lock.json']],
    ['pnpm', ['package-lock.json', 'pnpm-lock.yaml']],
    ['yarn', ['package-lock.json', 'yarn.lock']],
    ['bun', ['package-lock.json', 'bun.lockb']],
    ['pnpm', ['yarn.lock', 'pnpm-lock.yaml', 'bun.lock']],
    ['yarn', ['yarn.lock', 'bun.lock']],
  ])('%s for %j', async (name, names) => {
    const files = Object.fromEntries(names.map((path) => [path, '']));
    expect(await ask('manager::detect; echo "$REPLY"', files)).toEqual({ exitCode: 0, stdout: name });
  });

  it('unknown where there is no lockfile', async () => {
    expect((await ask('manager::detect', {})).exitCode).toBe(1);
  });
});

describe('a project of yarn is made for', () => {
  it.each([
    ['yarn-classic', { 'yarn.lock': '# yarn lockfile v1\n' }, ''],
    ['yarn-classic', {}, ''],
    ['yarn-berry', { 'yarn.lock': '# …\n\n__metadata:\n  version: 8\n' }, ''],
    ['yarn-berry', { '.yarnrc.yml': '' }, ''],
    ['yarn-berry', { 'apps/site/.yarnrc.yml': '', 'yarn.lock': '# yarn lockfile v1\n' }, '/apps/site'],
    ['yarn-berry', { '.yarnrc.yml': '', 'apps/site/yarn.lock': '' }, '/apps/site'],
  ] as const)('%s: %j', async (flavour, files, project) => {
    const said = await ask('manager::of_project yarn; echo "$REPLY"', files, project);
    expect(said).toEqual({ exitCode: 0, stdout: flavour });
  });
});

it.each([
  ['yarn', '1.22.22', 'yarn-classic', 'yarn'],
  ['yarn', '0.28.4', 'yarn-classic', 'yarn'],
  ['yarn', '2.4.3', 'yarn-berry', '@yarnpkg/cli-dist'],
  ['yarn', '4.9.1', 'yarn-berry', '@yarnpkg/cli-dist'],
  ['yarn', '10.0.0', 'yarn-berry', '@yarnpkg/cli-dist'],
  ['npm', '10.9.0', 'npm', 'npm'],
  ['pnpm', '8.15.9', 'pnpm', 'pnpm'],
])('%s %s is %s, from the package %s', async (name, version, flavour, packageName) => {
  const script = `manager::of_version ${name} ${version}; echo "$REPLY"; manager::call "$REPLY" package; echo "$REPLY"`;
  expect((await ask(script, {})).stdout).toBe(`${flavour}\n${packageName}`);
});

it.each([
  ['x86_64', 'avx avx2', '@oven/bun-linux-x64'],
  ['x86_64', 'avx', '@oven/bun-linux-x64-baseline'],
  ['aarch64', '', '@oven/bun-linux-aarch64'],
])('bun on %s with %j comes from the package %s', async (machine, flags, packageName) => {
  const script = `uname() { echo ${machine}; }; grep() { command grep "$1" "$2" <<<'flags : ${flags}'; }
    manager::call bun package; echo "$REPLY"`;
  expect((await callSteps(['manager.sh', 'registry.sh'], script)).stdout).toBe(packageName);
});

describe('a project is read by certain versions of', () => {
  const askFor = async (flavour: string, files: Record<string, string>, node = '22.0.0') => {
    const script = `STEPS=${STEPS} MANIFEST_FILE=''; manager::call ${flavour} version_for ${node}; echo "$REPLY: $REPLY_WHY"`;
    return await ask(script, files);
  };

  it.each([
    ['{"lockfileVersion":1}', '14.21.3', '6: package-lock.json 1, Node 14'],
    ['{"lockfileVersion":1}', '16.20.2', ': '],
    ['{"lockfileVersion":2}', '14.21.3', ': '],
    ['no JSON', '14.21.3', ': '],
  ])('npm, for the lockfile %j and Node %s: "%s"', async (lockfile, node, answer) => {
    const said = await askFor('npm', { 'package-lock.json': lockfile }, node);
    expect(said).toEqual({ exitCode: 0, stdout: answer });
  });

  const NINE = "lockfileVersion: '9.0'\n";
  const GEN = `${NINE}\npackages:\n\n  gen@file:gen-1.0.0.tgz:\n    resolution: {}\n`;
  it.each([
    ['lockfileVersion: 5.4\n', {}, '6 || 7: pnpm-lock.yaml 5.4'],
    ["lockfileVersion: '6.0'\n", {}, '8: pnpm-lock.yaml 6.0'],
    [NINE, {}, '>=9: '],
    ['', {}, ': '],
    [NINE, { 'package.json': '{"pnpm":{}}' }, '>=9: '],
    [NINE, { 'package.json': '{"pnpm":{"overrides":{}}}' }, '10: pnpm-lock.yaml 9.0, "pnpm" in package.json'],
    [
      GEN,
      { 'package.json': '{"pnpm":{"onlyBuiltDependencies":["gen"]}}' },
      '>=10 <10.34.2: pnpm-lock.yaml 9.0, "pnpm" in package.json',
    ],
    [NINE, { '.npmrc': 'shamefully-hoist=true\n' }, '10: pnpm-lock.yaml 9.0, settings in .npmrc'],
    [NINE, { '.npmrc': 'public-hoist-pattern[] = *x*\n' }, '10: pnpm-lock.yaml 9.0, settings in .npmrc'],
    [NINE, { '.npmrc': '@ours:registry=https://r/\nfund=false\n#hoist=no\n' }, '>=9: '],
  ])('pnpm, for the lockfile %j and %j: "%s"', async (lockfile, files, answer) => {
    const said = await askFor('pnpm', { 'pnpm-lock.yaml': lockfile, ...files });
    expect(said).toEqual({ exitCode: 0, stdout: answer });
  });

  const berry = (version: number, checksum = '10c0/ab') =>
    `# …\n\n__metadata:\n  version: ${version}\n  cacheKey: 8\n\n"ms@npm:2":\n  version: 2.1.3\n  checksum: ${checksum}\n`;
  it.each([
    [berry(4), '>=2 <3.1: yarn.lock 4'],
    [berry(5), '3.1: yarn.lock 5'],
    [berry(6, 'ab'), '>=3.2 <4: yarn.lock 6'],
    [berry(8), '>=4.1 <4.14: yarn.lock 8'],
    [berry(8, 'ab'), '4.0: yarn.lock 8'],
    [berry(9), '4.14: yarn.lock 9'],
    [berry(10), '>=4.15: yarn.lock 10'],
    ['', '>=2: '],
  ])('yarn, for the lockfile %j: "%s"', async (lockfile, answer) => {
    expect(await askFor('yarn-berry', { 'yarn.lock': lockfile })).toEqual({ exitCode: 0, stdout: answer });
  });

  it.each(['npm', 'pnpm', 'bun'])('%s: all, without a lockfile', async (flavour) => {
    expect(await askFor(flavour, {}, '14.21.3')).toEqual({ exitCode: 0, stdout: ': ' });
  });
});

describe('the packages whose install scripts did not run, with', () => {
  const PENDING = JSON.stringify({
    allowScripts: [
      { name: 'core-js', changes: [{ key: 'core-js@3.40.0', change: 'pending' }] },
      { name: '@scope/a', changes: [{ key: '@scope/a@1.0.0', change: 'pending' }] },
      { name: 'b', changes: [{ key: 'b@1.0.0', change: 'unchanged' }] },
    ],
  });
  const UNTRUSTED = `bun pm untrusted v1.4.5 (a7733435c)

./node_modules/core-js @3.40.0
 » [postinstall]: node -e "try{require('./postinstall')}catch(e){}"

./node_modules/x/node_modules/@scope/a @1.0.0
 » [install]: node-gyp rebuild

These dependencies had their lifecycle scripts blocked during install.
`;
  const MODULES = JSON.stringify({
    ignoredBuilds: ['core-js@3.40.0', '@scope/a@1.0.0(b@2.0.0)', '@scope/a'],
  });
  const LOCK = { 'node_modules/.package-lock.json': '{\n"hasInstallScript": true\n}' };

  it.each([
    ['npm', '12.2.1', LOCK, PENDING, ['core-js', '@scope/a']],
    ['npm', '11.21.2', LOCK, PENDING, ['']],
    ['npm', '12.2.1', { 'node_modules/.package-lock.json': '{}' }, PENDING, ['']],
    ['npm', '12.2.1', { ...LOCK, '.npmrc': 'ignore-scripts=true\n' }, PENDING, ['']],
    ['pnpm', '12.21.0', { 'node_modules/.modules.yaml': MODULES }, '', ['core-js', '@scope/a', '@scope/a']],
    ['pnpm', '9.15.0', { 'node_modules/.modules.yaml': '{}' }, '', ['']],
    ['bun', '1.4.5', {}, UNTRUSTED, ['core-js', '@scope/a']],
    ['yarn-berry', '4.18.1', { named: 'core-js\n@scope/a\n' }, '', ['core-js', '@scope/a']],
    ['yarn-classic', '1.22.22', {}, '', ['']],
  ])('%s %s', async (flavour, version, files, says, names) => {
    const at = await workspaceOf(files);
    // What the package manager itself printed.
    const script = `FACTS[manager_version]=${version} NAMED=named
      says=$1; as_build() { printf '%s' "$says"; }; manager::call ${flavour} refused_scripts`;
    const { stdout } = await callSteps(MANAGERS, script, { words: [says], at });
    expect(stdout.split('\n')).toEqual(names);
  });
});

describe('an install of yarn berry', () => {
  const SAID = `➤ YN0000: ┌ Link step
➤ YN0005: │ @scope/a@npm:1.0.0 lists build scripts, but its build has been explicitly disabled through configuration.
➤ YN0004: │ core-js@npm:3.40.0 [f3a21] lists build scripts, but all build scripts have been disabled.
\u001b[94m➤\u001b[39m YN0004: │ \u001b[38;5;173mcolour\u001b[39m@npm:1 lists build scripts, but all build scripts have been disabled.
➤ YN0000: │ x@npm:1.0.0 STDOUT b@npm:1 lists build scripts, but all build scripts have been disabled. No
➤ YN0000: │ x@npm:1.0.0 must be built
`;
  const run = (flavour: string) =>
    `lib::end_command() { :; }; lib::program() { REPLY=$1; }; exec_as_build() { printf '%s' "$said"; return 3; }; said=$1 WATCHED=''
    # In a container the log is a pipe, which can be opened anew.
    { refused-scripts::run ${flavour} yarn || echo "exit $?"; } | cat; cat "$NAMED"`;

  it.each([
    ['yarn-berry', '@scope/a\ncore-js\ncolour'],
    ['npm', ''],
  ])('%s is read while it runs, and what it prints and its exit code are kept', async (flavour, names) => {
    const at = await workspaceOf({});
    const script = `RUN=${at} STATE=${at}\nsource ${STEPS}/refused-scripts.sh\n${run(flavour)}`;
    const { stdout } = await callSteps(MANAGERS, script, { words: [SAID], at });
    expect(stdout).toBe(`${SAID}exit 3${names && '\n'}${names}`);
  });
});

describe('the list of package managers', () => {
  it('is the same inside and outside the image, and the lockfile that each writes', async () => {
    const script = `for flavour in "\${MANAGERS[@]}"; do
      manager::call "$flavour" name; manager::call "$flavour" lockfiles; echo "$REPLY \${WORDS[-1]}"; done`;
    const inside = (await ask(script, {})).stdout.split('\n');
    const outside = PACKAGE_MANAGERS.map(({ name, lockfile }) => `${name} ${lockfile}`);
    expect(new Set(inside)).toEqual(new Set(outside));
  });

  it('has every file', async () => {
    const files = readdirSync(join(ROOT, 'ci/steps/managers'))
      .map((file) => file.replace('.sh', ''))
      .filter((flavour) => flavour !== 'default');
    const flavours = (await ask(`printf '%s\\n' "\${MANAGERS[@]}"`, {})).stdout.split('\n');
    expect(flavours.sort()).toEqual(files.sort());
  });

  it('has npm last, which is every other project’s', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash
    expect((await ask('echo "${MANAGERS[-1]}"', {})).stdout).toBe('npm');
  });

  it('has no flavour that leaves a question unanswered', async () => {
    const script = `for flavour in "\${MANAGERS[@]}"; do for question in name lockfiles frozen plain package versions; do
      declare -F "$flavour::$question" >/dev/null || echo "$flavour::$question"; done; done`;
    expect(await ask(script, {})).toEqual({ exitCode: 0, stdout: '' });
  });

  it('is the same in the Dockerfile', async () => {
    const dockerfile = readFileSync(join(ROOT, 'ci/image/Dockerfile'), 'utf8');
    const [, installed = ''] = /^ARG PACKAGE_MANAGERS="(.*)"$/m.exec(dockerfile) ?? [];
    const flavours = (await ask(`printf '%s\\n' "\${MANAGERS[@]}"`, {})).stdout.split('\n');
    expect(
      installed
        .split(' ')
        .map((tool) => tool.replace(/@.*/, ''))
        .sort(),
    ).toEqual(flavours.sort());
  });

  it('is the same in the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, row = ''] = /^\| `project_package_manager` \|.*\|(.*)\|$/m.exec(readme) ?? [];
    expect([...row.matchAll(/`([\w-]+)`/g)].map(([, name]) => name)).toEqual(PACKAGE_MANAGER_CHOICES);
  });
});
