// What a project says about its tools is data: no name or version leads to a program of its own, or out of the place for tools.
import { symlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Koalaci } from '../support/koalaci.js';
import { git, repoOf } from '../support/repo.js';
import { attack } from './attack.js';

const EVIL = '#!/bin/sh\necho "EVIL RAN: $0"\nexit 0\n';
const OUT = '../../../workspace/evil';

/** A place for tools of the project's own, as koalaci's are laid out. */
const PLACE = Object.fromEntries(
  ['shims/npm', 'shims/pnpm', 'shims/yarn', 'shims/bun', 'bin/node', 'bin/npm', 'bin/bun'].map((path) => [
    `evil/${path}`,
    EVIL,
  ]),
);

const asks = (more: object) =>
  JSON.stringify({ name: 'x', version: '1.0.0', scripts: { postinstall: 'true' }, ...more });

/** Where a version may be written, and a file with one that leads elsewhere. */
const VERSIONS: [place: string, files: Record<string, string>][] = [
  ['packageManager', { 'package.json': asks({ packageManager: `npm@${OUT}` }) }],
  ['packageManager, of yarn', { 'package.json': asks({ packageManager: `yarn@1.22.22/../${OUT}` }) }],
  ['packageManager, behind a version', { 'package.json': asks({ packageManager: `pnpm@10.0.0-${OUT}` }) }],
  [
    'packageManager, as an address',
    { 'package.json': asks({ packageManager: 'yarn@file:///workspace/evil' }) },
  ],
  ['the version of volta', { 'package.json': asks({ volta: { node: OUT, npm: OUT } }) }],
  ['devEngines', { 'package.json': asks({ devEngines: { runtime: { name: 'node', version: OUT } } }) }],
  [
    'devEngines, of the package manager',
    { 'package.json': asks({ devEngines: { packageManager: { name: 'npm', version: OUT } } }) },
  ],
  ['.nvmrc', { '.nvmrc': OUT, 'package.json': asks({}) }],
  ['.nvmrc, with a tab', { '.nvmrc': `20\t/workspace/evil\t${OUT}`, 'package.json': asks({}) }],
  ['.node-version', { '.node-version': `20.0.0-${OUT}`, 'package.json': asks({}) }],
  ['.bun-version', { '.bun-version': OUT, 'package.json': asks({}), 'bun.lock': '' }],
  ['.tool-versions', { '.tool-versions': `nodejs path:${OUT}\n`, 'package.json': asks({}) }],
  ['mise.toml', { 'mise.toml': `[tools]\nnode = "${OUT}"\n`, 'package.json': asks({}) }],
];

/** Names that a project's dependencies may give to their programs. */
const NAMES = [
  ...[
    'bash',
    'sh',
    'env',
    'git',
    'jq',
    'tar',
    'grep',
    'sed',
    'find',
    'sort',
    'cat',
    'mkdir',
    'rm',
    'xargs',
    'realpath',
  ],
  ...['npm', 'yarn', 'pnpm', 'bun', 'python3', 'setpriv', 'sha256sum', 'cmp', 'timeout', 'kill', 'ls'],
];
const BINS = Object.fromEntries(NAMES.map((name) => [`node_modules/.bin/${name}`, EVIL]));

describe('the toolchain', () => {
  let koalaci: Koalaci;
  beforeAll(async () => {
    koalaci = await Koalaci.open();
  });
  afterAll(() => koalaci.close());

  /** A repository in which everything that is evil can be run. */
  const evilRepo = async (files: Record<string, string>) => {
    const repo = await repoOf('static', files);
    const evil = Object.keys(files).filter((path) => files[path] === EVIL);
    await git(repo, 'update-index', '--chmod=+x', ...evil);
    await git(repo, 'commit', '--quiet', '--message', 'programs');
    return repo;
  };

  for (const [at, [place, files]] of VERSIONS.entries()) {
    attack(
      `a project names its own directory as a version: ${place}`,
      async () => {
        const repo = await evilRepo({ ...PLACE, ...files });
        const { exitCode, stdout, stderr } = await koalaci.build(repo, {
          id: `version-${at}`,
          manager: 'auto',
          command: 'true',
        });
        expect(stdout + stderr).not.toContain('EVIL RAN');
        // It is refused where it is written, before anything is asked of a registry.
        expect(exitCode).toBe(1);
        expect(stdout + stderr).toMatch(/names no version|there is no/);
      },
      { short: at === 0 },
    );
  }

  attack('engines ask for a directory, as words for people', async () => {
    const repo = await evilRepo({ ...PLACE, 'package.json': asks({ engines: { npm: OUT, node: OUT } }) });
    const { exitCode, stdout, stderr } = await koalaci.build(repo, {
      id: 'engines',
      manager: 'npm',
      command: 'true',
    });
    expect(stdout + stderr).not.toContain('EVIL RAN');
    expect(exitCode, stdout + stderr).toBe(0);
  });

  attack('a job asks for a directory as its Node version', async () => {
    const { exitCode, stdout, stderr } = await koalaci.build(
      await evilRepo(PLACE),
      { id: 'job', command: 'true' },
      ['--node-version', OUT],
    );
    expect(stdout + stderr).not.toContain('EVIL RAN');
    expect(exitCode).not.toBe(0);
  });

  attack('a project names a package manager that is a path', async () => {
    const repo = await evilRepo({
      ...PLACE,
      'package.json': asks({ packageManager: '../../workspace/evil@1.0.0' }),
    });
    const { exitCode, stdout, stderr } = await koalaci.build(repo, {
      id: 'name',
      manager: 'auto',
      command: 'true',
    });
    expect(stdout + stderr).not.toContain('EVIL RAN');
    expect(exitCode, stdout + stderr).toBe(0);
  });

  for (const [at, to] of [
    '../../../koala/tools/npm/default/bin/npm-cli.js',
    '/etc/passwd',
    'link.cjs',
  ].entries()) {
    attack(`a project’s own yarn is outside of it: ${to}`, async () => {
      const repo = await repoOf('static', {
        'package.json': asks({}),
        '.yarnrc.yml': `yarnPath: ${to}\n`,
        'yarn.lock': '__metadata:\n  version: 8\n',
      });
      await symlink('/koala/tools/npm/default/bin/npm-cli.js', `${repo}/link.cjs`);
      await git(repo, 'add', '--all');
      await git(repo, 'commit', '--quiet', '--message', 'link');
      const { exitCode, stderr } = await koalaci.build(repo, {
        id: `yarn-${at}`,
        manager: 'yarn',
        command: 'true',
      });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/is not a file of the project|there is no/);
    });
  }

  attack('a dependency’s programs have the names of koalaci’s tools', async () => {
    const repo = await evilRepo({ ...BINS, 'package.json': asks({}) });
    for (const id of ['bins-1', 'bins-2']) {
      const { exitCode, stdout, stderr } = await koalaci.build(repo, {
        id,
        manager: 'npm',
        command: 'echo built',
      });
      expect(stdout).toContain('built');
      expect(stdout + stderr).not.toContain('EVIL RAN');
      expect(exitCode, stdout + stderr).toBe(0);
    }
  });

  attack('a variable of the job leads koalaci’s tools to the project', async () => {
    const repo = await evilRepo({ ...BINS, 'package.json': asks({}) });
    const env = [
      'PATH=/workspace/node_modules/.bin:/usr/bin',
      'TMPDIR=/home/build/t',
      'GIT_DIR=/workspace/evil',
    ];
    const { exitCode, stdout, stderr } = await koalaci.build(
      repo,
      { id: 'env', manager: 'npm', command: 'echo built' },
      env.flatMap((pair) => ['--env', pair]),
    );
    expect(stdout).toContain('built');
    expect(stdout + stderr).not.toContain('EVIL RAN');
    expect(exitCode, stdout + stderr).toBe(0);
  });
});
