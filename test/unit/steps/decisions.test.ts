import { describe, expect, it } from 'vitest';
import { decide } from '../../support/steps.js';

describe('of a package.json the toolchain reads', () => {
  // How much there is to install, the package manager's name, the versions that it asks for.
  it.each([
    ['nothing', {}, ['0', '']],
    ['the Node of engines', { engines: { node: '>=20' } }, ['0', '', 'engines\tnode\t>=20']],
    [
      'all tools of volta, and no others',
      { volta: { node: '22.1.0', npm: '10.9.0', deno: '2', extends: '../package.json' } },
      ['0', '', 'volta\tnode\t22.1.0', 'volta\tnpm\t10.9.0'],
    ],
    [
      'what engines says of package managers',
      { engines: { npm: 'please-use-yarn', yarn: ' ^1.22 ', pnpm: 9, bun: null } },
      ['0', '', 'engines\tnpm\tplease-use-yarn', 'engines\tyarn\t^1.22', 'engines\tpnpm\t9'],
    ],
    [
      'the runtime and the package manager of devEngines',
      { devEngines: { runtime: { name: 'node', version: '^22' }, packageManager: { name: 'npm' } } },
      ['0', 'npm', 'devEngines\tnode\t^22'],
    ],
    [
      'lists in devEngines',
      {
        devEngines: {
          runtime: [
            { name: 'bun', version: '1' },
            { name: 'node', version: '^22' },
          ],
          packageManager: [{ name: 'pnpm', version: '9' }, 1, { name: 'npm', version: '^10' }],
        },
      },
      [
        '0',
        'pnpm',
        'devEngines\tbun\t1',
        'devEngines\tnode\t^22',
        'devEngines\tpnpm\t9',
        'devEngines\tnpm\t^10',
      ],
    ],
    [
      'packageManager, without its hash',
      { packageManager: 'pnpm@9.1.0+sha512.ab' },
      ['0', 'pnpm', 'packageManager\tpnpm\t9.1.0'],
    ],
    ['packageManager without a version', { packageManager: 'yarn' }, ['0', 'yarn']],
    [
      'packageManager before devEngines',
      { packageManager: 'pnpm@9.1.0', devEngines: { packageManager: { name: 'npm', version: '10' } } },
      ['0', 'pnpm', 'packageManager\tpnpm\t9.1.0', 'devEngines\tnpm\t10'],
    ],
    [
      'dependencies of three kinds, workspaces and install scripts',
      {
        dependencies: { a: '1', b: '1' },
        devDependencies: { c: '1' },
        optionalDependencies: { d: '1' },
        workspaces: ['*'],
        scripts: { postinstall: 'x', build: 'y' },
      },
      ['6', ''],
    ],
    [
      'nothing of what has another type',
      { engines: 'node', volta: 1, dependencies: [], packageManager: {}, devEngines: [], scripts: null },
      ['0', ''],
    ],
    [
      'what is beside engines of another type',
      {
        engines: ['node >= 0.10'],
        devEngines: 'node 22',
        dependencies: { a: '1' },
        packageManager: 'npm@10.9.2',
      },
      ['1', 'npm', 'packageManager\tnpm\t10.9.2'],
    ],
    ['a text on one line', { engines: { node: '20\n22' } }, ['0', '', 'engines\tnode\t20 22']],
  ])('%s', async (_, manifest, lines) => {
    const { exitCode, stdout } = await decide('manifest', [manifest]);
    expect({ exitCode, lines: stdout.split('\n') }).toEqual({ exitCode: 0, lines });
  });

  it('nothing at all where it is no object', async () => {
    expect((await decide('manifest', [[1]])).exitCode).toBe(5);
  });
});

describe('what tsc notes stays only when it wrote nothing:', () => {
  it.each([
    ['it wrote all', { fileNames: ['./a.ts'] }, 1],
    ['it wrote nothing yet', { fileNames: ['./a.ts', './b.ts'], affectedFilesPendingEmit: [1, 2] }, 0],
    ['it wrote one of two', { fileNames: ['./a.ts', './b.ts'], affectedFilesPendingEmit: [2] }, 1],
    ['pairs', { fileNames: ['./a.ts'], affectedFilesPendingEmit: [[1, 17]] }, 0],
    [
      'declarations are never written',
      { fileNames: ['./lib.d.ts', './a.ts', './b.json'], affectedFilesPendingEmit: [2] },
      0,
    ],
    ['an older form', { program: { fileNames: ['./a.ts'], affectedFilesPendingEmit: [1] } }, 0],
    ['another form', { version: '1' }, 5],
  ])('%s', async (_, notes, exitCode) => {
    expect((await decide('build-info', [notes], ['--exit-status'])).exitCode).toBe(exitCode);
  });
});

const LOCKED = {
  packages: {
    '': { dependencies: { a: '^1' } },
    'packages/lib': { dependencies: { b: '1' } },
    'node_modules/a': { version: '1.0.0', integrity: 'x', resolved: 'r' },
    'node_modules/lib': { resolved: 'packages/lib', link: true },
  },
};

describe('npm may add to the tree that is there', () => {
  const { '': _, ...installed } = LOCKED.packages;
  const a = installed['node_modules/a'];

  it('by the manifests that the lockfile is made of', async () => {
    expect((await decide('npm-manifests', [LOCKED])).stdout).toBe('package.json\npackages/lib/package.json');
    expect((await decide('npm-manifests', [{ lockfileVersion: 1 }])).stdout).toBe('');
  });

  it.each([
    ['they are in step', [{ dependencies: { a: '^1' } }, { dependencies: { b: '1' } }], 0],
    [
      'what is not asked for does not matter',
      [{ dependencies: { a: '^1' }, scripts: {} }, { dependencies: { b: '1' } }],
      0,
    ],
    ['a range is another', [{ dependencies: { a: '^2' } }, { dependencies: { b: '1' } }], 1],
    ['a workspace asks for more', [{ dependencies: { a: '^1' } }, { dependencies: { b: '1', c: '1' } }], 1],
    ['a dependency is of another kind', [{ devDependencies: { a: '^1' } }, { dependencies: { b: '1' } }], 1],
    ['a manifest is missing', [{ dependencies: { a: '^1' } }], 1],
  ])('only when %s', async (_, manifests, exitCode) => {
    const documents = [LOCKED, { packages: installed }, ...manifests];
    expect((await decide('npm-on-top', documents, ['--exit-status', '--slurp'])).exitCode).toBe(exitCode);
  });

  it.each([
    ['nothing', {}, 0],
    ['what the lockfile no longer has', { 'node_modules/z': a }, 0],
    ['another version', { 'node_modules/a': { ...a, version: '0.9.0', integrity: 'y' } }, 0],
    ['the same version with other bytes', { 'node_modules/a': { ...a, integrity: 'y' } }, 1],
    ['the same version from elsewhere', { 'node_modules/a': { ...a, resolved: 'git+ssh://x#1' } }, 1],
  ])('only when the last install has put there %s', async (_, packages, exitCode) => {
    const documents = [LOCKED, { packages }, { dependencies: { a: '^1' } }, { dependencies: { b: '1' } }];
    expect((await decide('npm-on-top', documents, ['--exit-status', '--slurp'])).exitCode).toBe(exitCode);
  });

  it.each([
    ['what the lockfile says', installed, 0],
    ['less, such as for another platform', { 'node_modules/a': installed['node_modules/a'] }, 0],
    ['another version', { 'node_modules/a': { ...installed['node_modules/a'], version: '1.0.1' } }, 1],
    ['other bytes', { 'node_modules/a': { ...installed['node_modules/a'], integrity: 'y' } }, 1],
    ['more', { ...installed, 'node_modules/z': { version: '1.0.0' } }, 1],
  ])('and is checked: it has put there %s', async (_, packages, exitCode) => {
    const documents = [LOCKED, { packages }];
    expect((await decide('npm-exact', documents, ['--exit-status', '--slurp'])).exitCode).toBe(exitCode);
  });
});

it.each([
  [undefined, 'true'],
  [{ runtime: { name: 'node', version: '>=22', onFail: 'warn' } }, 'true'],
  [{ runtime: [{ name: 'node' }, { name: 'bun' }], packageManager: { name: 'npm' } }, 'true'],
  [{ runtime: [] }, 'true'],
  ['node 22', 'false'],
  [['node'], 'false'],
  [{ node: '22' }, 'false'],
  [{ runtime: 'node' }, 'false'],
  [{ runtime: { version: '22' } }, 'false'],
  [{ runtime: { name: 'node', version: 22 } }, 'false'],
  [{ runtime: { name: 'node', onFail: 'shout' } }, 'false'],
])('knows whether the newest npm takes devEngines that are %j', async (devEngines, taken) => {
  expect((await decide('npm-dev-engines', [{ name: 'x', devEngines }])).stdout).toBe(taken);
});

describe('the form of a manifest', () => {
  const same = async (one: object, other: object) => {
    const { exitCode, stdout } = await decide('manifest-form', [one, other]);
    expect(exitCode).toBe(0);
    const [first, second] = stdout.split('\n');
    return first === second;
  };

  it.each<[string, object, object]>([
    [
      'the order of dependencies',
      { name: 'a', dependencies: { b: '1', a: '1' }, peerDependenciesMeta: { d: {}, c: {} } },
      { name: 'a', dependencies: { a: '1', b: '1' }, peerDependenciesMeta: { c: {}, d: {} } },
    ],
    ['what is empty', { name: 'a', scripts: {}, devDependencies: {}, private: false }, { name: 'a' }],
  ])('is %s', async (_, one, other) => {
    expect(await same(one, other)).toBe(true);
  });

  it.each<[string, object, object]>([
    ['a version', { dependencies: { a: '1' } }, { dependencies: { a: '2' } }],
    ['a kind of dependency', { dependencies: { a: '1' } }, { devDependencies: { a: '1' } }],
    [
      'another order',
      { exports: { import: './a', default: './b' } },
      { exports: { default: './b', import: './a' } },
    ],
    ['what is empty and means something', { exports: {} }, {}],
  ])('is not %s', async (_, one, other) => {
    expect(await same(one, other)).toBe(false);
  });
});
