// Lockfiles as the package managers themselves wrote them, all of the same project.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Dependency, purlOf } from '../../../src/provenance/dependency.js';
import { readLockfile } from '../../../src/provenance/lockfiles/read.js';
import { ROOT } from '../../support/koalaci.js';

const FIXTURES = join(ROOT, 'test/fixtures');
const PACKAGES = [
  'pkg:npm/%40react-aria/ssr@3.9.10',
  'pkg:npm/%40swc/helpers@0.5.24',
  'pkg:npm/mitt@3.0.1',
  'pkg:npm/ms@2.0.0',
  'pkg:npm/ms@2.1.3',
  'pkg:npm/picocolors@1.1.1',
  'pkg:npm/react@19.1.0',
];
const COMMIT = '1dbb5d62a0d027fa60f01ec457dff0c1fb6e4b7b';

const read = (flavour: string, file: string) =>
  readLockfile(flavour, file, readFileSync(join(FIXTURES, file), 'utf8'));
const find = (all: Dependency[], name: string) => all.find((one) => one.name === name);

describe.each([
  ['npm', 'npm-1.json'],
  ['npm', 'npm-3.json'],
  ['yarn-classic', 'yarn-classic.lock'],
  ['yarn-berry', 'yarn-berry.lock'],
  ['pnpm', 'pnpm-5.yaml'],
  ['pnpm', 'pnpm-6.yaml'],
  ['pnpm', 'pnpm-9.yaml'],
  ['bun', 'bun.lock'],
])('a lockfile of %s (%s)', (flavour, file) => {
  const all = read(flavour, `lockfiles/${file}`);

  it('has the packages of the registry under their own names, and nothing of the project itself', () => {
    const others = all.filter(({ name }) => name !== 'tardep' && name !== 'gitdep');
    expect(others.map(purlOf)).toEqual(PACKAGES);
  });

  it('has the hash of each, where it is that of the file in the registry', () => {
    // yarn 2 and newer hash the archive that they make themselves.
    const wanted = flavour === 'yarn-berry' ? undefined : expect.stringMatching(/^152f97[0-9a-f]{122}$/);
    expect(find(all, 'react')?.digest?.sha512).toEqual(wanted);
  });

  it('says where a file comes from, and a repository with its commit', () => {
    expect(find(all, 'tardep')?.source).toMatch(/^(file:)?(\.\/)?tardep-0\.5\.0\.tgz$/);
    const repository = find(all, 'gitdep');
    if (repository) expect(repository.source).toBe(`git+https://git.example.com/gitdep.git#${COMMIT}`);
  });
});

it.each([
  ['npm', 'npm-1.json'],
  ['npm', 'npm-3.json'],
  ['pnpm', 'pnpm-5.yaml'],
  ['pnpm', 'pnpm-6.yaml'],
])('%s (%s) says what only development needs', (flavour, file) => {
  const all = read(flavour, `lockfiles/${file}`);
  expect(all.filter(({ isDev }) => isDev).map(({ name }) => name)).toEqual(['picocolors']);
});

it.each([
  ['npm', 'npm/package-lock.json'],
  ['npm', 'vite-react/package-lock.json'],
  ['yarn-classic', 'workspaces-yarn-classic/yarn.lock'],
  ['yarn-berry', 'workspaces-yarn-berry/yarn.lock'],
  ['yarn-berry', 'yarn-pnp/yarn.lock'],
  ['pnpm', 'workspaces-pnpm/pnpm-lock.yaml'],
  ['bun', 'workspaces-bun/bun.lock'],
])('%s: each package in %s has a name and a version', (flavour, file) => {
  const all = read(flavour, file);
  expect(all.length).toBeGreaterThan(0);
  for (const one of all)
    expect(purlOf(one)).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+[\w.-]*$/);
});

describe('what a stranger has written', () => {
  it('shows no password of a registry or a repository', () => {
    const text = JSON.stringify({
      packages: {
        'node_modules/a': { version: '1.0.0', resolved: 'https://ann:s3cret@example.com/a.zip?token=s3cret' },
        'node_modules/b': { version: '1.0.0', resolved: 'git+ssh://s3cret@example.com/b.git#c0ffee' },
        'node_modules/c': { version: '1.0.0', resolved: 'https://s3cret@npm.example.com/c/-/c-1.0.0.tgz' },
      },
    });
    const all = readLockfile('npm', 'package-lock.json', text).map(purlOf).join('\n');
    expect(all).not.toContain('s3cret');
    expect(all).toContain('example.com%2Fb.git%23c0ffee');
  });

  it('cannot be a name that JavaScript knows', () => {
    const text =
      "lockfileVersion: '9.0'\npackages:\n  __proto__@1.0.0:\n    resolution: {integrity: sha512-AAAA}\n";
    expect(readLockfile('pnpm', 'pnpm-lock.yaml', text).map(purlOf)).toEqual(['pkg:npm/__proto__@1.0.0']);
  });

  it.each([
    ['npm', 'package-lock.json', '{"packages":'],
    ['bun', 'bun.lockb', '#!/usr/bin/env bun'],
    ['pnpm', 'pnpm-lock.yaml', `packages:\n  a: ${'{a: '.repeat(10_000)}`],
    ['unheard-of', 'lock', ''],
  ])('is refused where it is no lockfile (%s, %s)', (flavour, file, text) => {
    expect(() => readLockfile(flavour, file, text)).toThrow(Error);
  });
});
