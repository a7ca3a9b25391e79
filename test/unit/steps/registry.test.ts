import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { callSteps, decide, STEPS } from '../../support/steps.js';

const RELEASES = {
  tags: { latest: '26.1.0', next: '27.0.0-rc.1', v22: '22.9.0' },
  versions: ['9.9.9', '20.2.0', '20.10.1', '20.11.0-rc.1', '22.9.0', '22.10.0', '26.1.0', '27.0.0-rc.1'],
};

const match = (range: string) =>
  callSteps(['manager.sh', 'registry.sh'], 'registry::match "$1"', {
    words: [range],
    input: JSON.stringify(RELEASES),
  });

it.each([
  ['latest', '26.1.0'],
  ['next', '27.0.0-rc.1'],
  ['v22', '22.9.0'],
  ['20.2.0', '20.2.0'],
  ['v20.2.0', '20.2.0'],
  ['27.0.0-rc.1', '27.0.0-rc.1'],
  ['20', '20.10.1'],
  ['v20', '20.10.1'],
  ['20.x', '20.10.1'],
  ['20.10.x', '20.10.1'],
  ['22', '22.10.0'],
  ['22.9', '22.9.0'],
  ['9', '9.9.9'],
])('of the versions in the registry, %s means %s', async (range, version) => {
  expect(await match(range)).toEqual({ exitCode: 0, stdout: version });
});

it.each([
  '2',
  '21',
  '22.1',
  '21.x.x',
  '27',
  '20.2.1',
])('of the versions in the registry, %s means none', async (range) => {
  expect((await match(range)).stdout).toBe('');
});

describe('of a range of versions', () => {
  const NODES = { versions: ['16.20.2', '17.9.1', '18.20.8', '19.9.0', '25.1.0', '26.0.0-rc.1'] };
  const NPMS = {
    versions: ['6.14.18', '8.19.4', '9.9.4', '10.9.9', '11.1.0', '12.0.0-pre.0'],
    nodes: {
      '8.19.4': '>=12',
      '9.9.4': '>=14.17',
      '10.9.9': '^18.17 || >=20.5',
      '11.1.0': '^20.17 || >=22.9',
    },
  };
  const newest = async (releases: object, words: string[]) => {
    const program = join(STEPS, 'decisions/registry/newest.cjs');
    const env = { NODE_PATH: join(import.meta.dirname, '../../../node_modules') };
    return (await execa('node', [program, ...words], { env, input: JSON.stringify(releases) })).stdout;
  };

  it.each([
    ['16 || 17', '16.20.2'],
    ['^17 || ^16', '16.20.2'],
    ['>=16 <18', '16.20.2'],
    ['16.x || 18.x', '18.20.8'],
    ['<20', '18.20.8'],
    ['^17.1', '17.9.1'],
    ['17 || 19', '19.9.0'],
    ['>=20', '25.1.0'],
    ['*', '18.20.8'],
    ['>=30', ''],
  ])('%s means Node %s: an even major, where there is one', async (range, version) => {
    expect(await newest(NODES, ['lts', '', range])).toBe(version);
  });

  it.each([
    [['all', '22.11.0', '*'], '11.1.0'],
    [['all', '20.9.0', '*'], '10.9.9'],
    [['all', '16.20.2', '>=8'], '9.9.4'],
    [['all', '12.22.12', '*'], '8.19.4'],
    [['all', '12.22.12', '>=9'], ''],
    [['all', '22.11.0', '>=8', '<10'], '9.9.4'],
    // What cannot be had is left out.
    [['most', '12.22.12', '>=9'], '11.1.0'],
    [['most', '16.20.2', '>=8', '>=10'], '11.1.0'],
    [['most', '22.11.0', '>=8', '<7'], '11.1.0'],
    [['most', '22.11.0', '>=99', '*'], ''],
  ])('%j means npm %s', async (words, version) => {
    expect(await newest(NPMS, words)).toBe(version);
  });
});

it('takes of a package only the versions of the flavour', async () => {
  const document = {
    'dist-tags': { latest: '1.22.22', berry: '2.4.3' },
    versions: {
      '1.22.22': { engines: { node: '>=4' } },
      '0.1.0': { engines: ['node'] },
      '2.4.3': { engines: { node: '>=10' } },
    },
  };
  const { stdout } = await decide('registry/releases', [document], ['--arg', 'own', '^[01]\\.']);
  expect(JSON.parse(stdout)).toEqual({
    tags: { latest: '1.22.22' },
    versions: ['0.1.0', '1.22.22'],
    nodes: { '1.22.22': '>=4', '0.1.0': '' },
  });
});

it('makes one list of the flavours’ versions; the first one’s tags count', async () => {
  const berry = { tags: { latest: '4.9.1' }, versions: ['4.9.1'], nodes: { '4.9.1': '>=18' } };
  const classic = { tags: { latest: '1.22.22', legacy: '1.0.0' }, versions: ['1.22.22'] };
  const { stdout } = await decide('registry/merge', [berry, classic], ['--slurp']);
  expect(JSON.parse(stdout)).toEqual({
    tags: { latest: '4.9.1', legacy: '1.0.0' },
    versions: ['4.9.1', '1.22.22'],
    nodes: { '4.9.1': '>=18' },
  });
});

const DIST = { tarball: 'https://r/a.tgz', integrity: 'sha1-abc sha512-Zm9v' };

it.each([
  ['of the version', { version: '1.0.0', dist: DIST }],
  ['of the package', { versions: { '1.0.0': { dist: DIST } } }],
])('finds tarball and hash in the document %s', async (_, document) => {
  const said = await decide('registry/dist', [document], ['--exit-status', '--arg', 'version', '1.0.0']);
  expect(said).toEqual({ exitCode: 0, stdout: 'https://r/a.tgz\nZm9v' });
});

it('finds no tarball of a version that is not there', async () => {
  const said = await decide(
    'registry/dist',
    [{ versions: {} }],
    ['--exit-status', '--arg', 'version', '1.0.0'],
  );
  expect(said).toEqual({ exitCode: 4, stdout: '' });
});

it('lists the programs of a package', async () => {
  const bin = { pnpm: './bin/pnpm.cjs', pnpx: 'bin/pnpx.cjs' };
  expect((await decide('registry/programs', [{ bin }])).stdout).toBe('pnpm bin/pnpm.cjs\npnpx bin/pnpx.cjs');
  const alone = { name: '@ours/tool', bin: './cli.js' };
  expect((await decide('registry/programs', [alone])).stdout).toBe('tool cli.js');
});
