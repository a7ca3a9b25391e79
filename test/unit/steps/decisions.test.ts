import { describe, expect, it } from 'vitest';
import { decide } from '../../support/steps.js';

describe('of a package.json the toolchain reads', () => {
  // volta, devEngines' node, engines, the package manager's name and version, how much there is to install.
  it.each([
    ['nothing', {}, ['', '', '', '', '', '0']],
    ['the Node of engines', { engines: { node: '>=20' } }, ['', '', '>=20', '', '', '0']],
    ['the Node of volta', { volta: { node: '22.1.0' } }, ['22.1.0', '', '', '', '', '0']],
    [
      'the Node of devEngines',
      { devEngines: { runtime: { name: 'node', version: '^22' } } },
      ['', '^22', '', '', '', '0'],
    ],
    [
      'the first runtime of a list',
      { devEngines: { runtime: [{ name: 'node', version: '^22' }, { name: 'bun' }] } },
      ['', '^22', '', '', '', '0'],
    ],
    [
      'no Node where the runtime is another',
      { devEngines: { runtime: { name: 'bun', version: '1' } } },
      ['', '', '', '', '', '0'],
    ],
    [
      'packageManager, without its hash',
      { packageManager: 'pnpm@9.1.0+sha512.ab' },
      ['', '', '', 'pnpm', '9.1.0', '0'],
    ],
    ['packageManager without a version', { packageManager: 'yarn' }, ['', '', '', 'yarn', '', '0']],
    [
      'packageManager before devEngines',
      { packageManager: 'pnpm@9.1.0', devEngines: { packageManager: { name: 'npm', version: '10' } } },
      ['', '', '', 'pnpm', '9.1.0', '0'],
    ],
    [
      'the package manager of devEngines',
      { devEngines: { packageManager: [{ name: 'npm', version: '^10' }] } },
      ['', '', '', 'npm', '^10', '0'],
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
      ['', '', '', '', '', '6'],
    ],
    [
      'nothing of what has another type',
      { engines: 'node', volta: 1, dependencies: [], packageManager: {}, devEngines: [], scripts: null },
      ['', '', '', '', '', '0'],
    ],
    ['a text on one line', { engines: { node: '20\n22' } }, ['', '', '20 22', '', '', '0']],
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
