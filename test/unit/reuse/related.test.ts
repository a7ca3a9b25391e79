// What of a monorepo a package depends on: each case is a change, and whether a build that was READY before it still stands for it.
import { describe, expect, it } from 'vitest';
import { relatedOf } from '../../../src/reuse/related.js';
import { FILES, type Files, known, lock, treeOf } from '../../support/workspace.js';

const isSame = (change: Files) => {
  const [before, after] = [known(FILES), known({ ...FILES, ...change })];
  return before.files === after.files && before.lock === after.lock;
};

describe('a package of a workspace', () => {
  it.each<[string, Files]>([
    ['its own files', { 'apps/site/index.js': 'other' }],
    ['those of a package that it needs', { 'packages/ui/button.js': 'other' }],
    ['those that are in no package, such as a global configuration', { 'tsconfig.json': '{"strict":true}' }],
    ['a new one of these', { 'apps/.env': 'A=1' }],
    ['a mode', { 'packages/ui/button.js': { mode: '100755', id: 'x' } }],
    ['where a link leads', { 'packages/ui/link': { mode: '120000', id: 'x' } }],
    ['the commit of a submodule', { 'packages/ui/sub': { mode: '160000', id: 'x' } }],
    [
      'the version of what it has installed',
      { 'package-lock.json': lock({ 'node_modules/mitt': { version: '1.0.1' } }) },
    ],
    ['what that needs', { 'package-lock.json': lock({ 'node_modules/tiny': { version: '1.0.2' } }) }],
  ])('depends on %s', (_, change) => {
    expect(isSame(change)).toBe(false);
  });

  it.each<[string, Files]>([
    ['files of other packages', { 'apps/admin/src/page.js': 'other', 'packages/util/new.js': '' }],
    [
      'what only those have installed',
      { 'package-lock.json': lock({ 'node_modules/nanoid': { version: '3.0.1' } }) },
    ],
  ])('does not depend on %s', (_, change) => {
    expect(isSame(change)).toBe(true);
  });

  it('depends on names: a rename without a change is one, by case only, too', () => {
    const { 'packages/ui/button.js': text, ...rest } = FILES;
    expect(known({ ...rest, 'packages/ui/Button.js': text ?? '' }).files).not.toBe(known(FILES).files);
  });

  it('is watched for what it may look at beside that', () => {
    expect(known(FILES).watched).toEqual({
      related: ['apps/site', 'packages/ui'],
      unrelated: ['apps/admin', 'packages/util'],
      parents: ['apps', 'packages'],
      foreign: ['node_modules/nanoid'],
    });
  });
});

describe('a place at which a build has looked', () => {
  const state = (place: string, change: Files = {}) => known({ ...FILES, ...change }).stateOf(place);

  it.each<[string, Files]>([
    ['file apps/admin/src/page.js', { 'apps/admin/src/page.js': 'other' }],
    // Which it would have found first.
    ['file apps/admin/src/page.js', { 'apps/admin/src/page.ts': '' }],
    ['listing apps/admin/src', { 'apps/admin/src/page.js': 'longer' }],
    ['package apps/admin', { 'apps/admin/src/deep/new.js': '' }],
    ['manifest apps/admin', { 'apps/admin/package.json': '{"name":"admin","version":"2.0.0"}' }],
    ['parent apps', { 'apps/new/package.json': '{"name":"new"}' }],
  ])('is another one: %s', (place, change) => {
    expect(state(place, change)).not.toBe(state(place));
  });

  it.each<[string, Files]>([
    ['file apps/admin/src/page.js', { 'apps/admin/other/new.js': '' }],
    ['listing apps', { 'apps/admin/src/page.js': 'other' }],
    ['manifest apps/admin', { 'apps/admin/package.json': '{"name":"admin","version":"1.0.0"}' }],
  ])('is the same: %s', (place, change) => {
    expect(state(place, change)).toBe(state(place));
  });

  it.each([
    'tree .git',
    'all',
    'directory node_modules/nanoid',
    'variable KOALACI_COMMIT',
  ])('is none: %s', (place) => {
    expect(state(place)).toBeUndefined();
  });
});

describe('a layout that is not understood', () => {
  const why = (files: Files, root = 'apps/site') => relatedOf(treeOf(files), root, 'auto');
  const { 'package-lock.json': _, ...unlocked } = FILES;
  const workspaces = (patterns: string[]) => ({
    ...FILES,
    'package.json': JSON.stringify({ workspaces: patterns }),
  });

  it.each<[string, Files, string?]>([
    ['no workspace', { 'package.json': '{}', 'apps/site/package.json': '{}' }],
    ['no lockfile', unlocked],
    ['two lockfiles', { ...FILES, 'yarn.lock': '' }],
    ["bun's", { ...unlocked, 'bun.lockb': '' }],
    ['a lockfile of npm 6', { ...FILES, 'package-lock.json': '{"lockfileVersion":1}' }],
    ['patterns with other signs', workspaces(['{apps,packages}/*'])],
    ['a root that is no package', FILES, 'apps'],
    ['the whole repository', FILES, '.'],
    ['a manifest that is no JSON', { ...FILES, 'packages/ui/package.json': '{' }],
  ])('means that every file counts: %s', (_name, files, root) => {
    expect(why(files, root)).toHaveProperty('why');
  });
});
