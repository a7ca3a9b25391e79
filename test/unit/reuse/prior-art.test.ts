// What caches of other tools were seen to overlook: each case is a change, and whether a build that was READY before it stands for it.
import { describe, expect, it } from 'vitest';
import { relatedOf } from '../../../src/reuse/related.js';
import { FILES, type Files, known, treeOf } from '../../support/workspace.js';

const json = JSON.stringify;
const SITE = 'apps/site/package.json';
const manifest = (fields: object) => json({ name: 'site', dependencies: { ui: '*', mitt: '1' }, ...fields });

/** Whether it stands for it. */
function isSame(change: Files, before: Files = FILES): boolean {
  const [one, other] = [known(before), known({ ...before, ...change })];
  return one.files === other.files && one.lock === other.lock;
}

describe('a build does not stand for a job after a change of', () => {
  it.each<[string, Files]>([
    ['a mode alone', { 'apps/site/index.js': { mode: '100755', id: idOf('apps/site/index.js') } }],
    ['attributes for line ends, beside', { 'apps/site/.gitattributes': '*.js eol=crlf' }],
    ['attributes for line ends, at the top', { '.gitattributes': '* text=auto eol=crlf' }],
    ['attributes for idents and filters', { 'packages/ui/.gitattributes': '*.js ident filter=lfs' }],
    [
      'a pointer to a large file',
      { 'packages/ui/film.mp4': 'version https://git-lfs.github.com/spec/v1\noid 2' },
    ],
    ['where large files come from', { '.lfsconfig': '[lfs]\nurl = https://example.com' }],
    ['.npmrc at the top', { '.npmrc': 'install-strategy=nested' }],
    ['.npmrc of its own', { 'apps/site/.npmrc': 'node-options=--x' }],
    ['.npmrc of what it needs', { 'packages/ui/.npmrc': 'x=1' }],
    ['.yarnrc.yml', { '.yarnrc.yml': 'nodeLinker: pnp' }],
    ['a plugin of yarn', { '.yarn/plugins/x.cjs': 'other' }],
    ['a patch of yarn', { '.yarn/patches/mitt.patch': 'other' }],
    ['a patch beside the workspace', { 'patches/mitt+1.0.0.patch': 'other' }],
    ['.pnpmfile.cjs', { '.pnpmfile.cjs': 'other' }],
    ['overrides of npm', { 'package.json': json({ ...top(), overrides: { tiny: '2' } }) }],
    ['resolutions of yarn', { 'package.json': json({ ...top(), resolutions: { tiny: '2' } }) }],
    ['scripts at the top', { 'package.json': json({ ...top(), scripts: { postinstall: 'x' } }) }],
    [
      'the tasks of turbo, and what all of these depend on',
      { 'turbo.json': json({ globalDependencies: ['x'] }) },
    ],
    ['the Node version', { '.nvmrc': '22' }],
    ['the lockfile of another manager below', { 'apps/site/yarn.lock': '# yarn lockfile v1' }],
    ['a nested lockfile of what it needs', { 'packages/ui/package-lock.json': '{}' }],
    ['what is tracked of an installation, wherever', { 'apps/admin/node_modules/x/index.js': '' }],
    ['its imports', { [SITE]: manifest({ imports: { '#x': './other.js' } }) }],
    ['what it needs at run time', { [SITE]: manifest({ dependencies: { ui: '*' } }) }],
    ['a directory that a range leads to', { 'vendor/lib/index.js': 'other' }],
    ['the case of a directory', { 'packages/UI/button.js': 'button' }],
    ['what a link leads to, outside of all packages', { 'shared/data.json': '{}' }],
  ])('%s', (_, change) => {
    expect(isSame(change)).toBe(false);
  });

  it.each<[string, object]>([
    ['development', { devDependencies: { util: '*' } }],
    ['optional', { optionalDependencies: { util: '*' } }],
    ['peer', { peerDependencies: { util: '*' } }],
    ['under another name', { dependencies: { helpers: 'workspace:util@*' } }],
    ['by a path', { dependencies: { helpers: 'workspace:../../packages/util' } }],
    ['by file:', { dependencies: { helpers: 'file:../../packages/util' } }],
    ['by link:', { dependencies: { helpers: 'link:../../packages/util' } }],
    ['by portal:', { dependencies: { helpers: 'portal:../../packages/util' } }],
    ['by a path alone', { dependencies: { helpers: '../../packages/util' } }],
    ['by an archive in it', { dependencies: { helpers: 'file:../../packages/util/x.tgz' } }],
  ])('a package that it depends on, %s', (_, fields) => {
    const before = { ...FILES, [SITE]: manifest(fields) };
    expect(isSame({ 'packages/util/index.js': 'other' }, before)).toBe(false);
  });

  it('a package that it depends on through a directory that is none', () => {
    const before = {
      ...FILES,
      [SITE]: manifest({ dependencies: { lib: 'file:../../vendor/lib' } }),
      'vendor/lib/package.json': json({ name: 'lib', dependencies: { util: 'file:../../packages/util' } }),
    };
    expect(isSame({ 'packages/util/index.js': 'other' }, before)).toBe(false);
  });

  it('each of the packages that have the name of one that it depends on', () => {
    const before = { ...FILES, 'apps/twin/package.json': json({ name: 'ui' }) };
    expect(isSame({ 'apps/twin/button.js': 'other' }, before)).toBe(false);
    expect(isSame({ 'packages/ui/button.js': 'other' }, before)).toBe(false);
  });

  it('what another package has the same name as', () => {
    expect(isSame({ 'packages/mitt/package.json': json({ name: 'mitt' }) })).toBe(false);
  });
});

it.each<[string, Files]>([
  [
    'a package that nobody needs comes to the workspace',
    { 'packages/new/package.json': json({ name: 'new' }) },
  ],
  ['another package gets settings of its own', { 'apps/admin/.npmrc': 'x=1' }],
  ['another package gets a lockfile of its own', { 'apps/admin/package-lock.json': '{}' }],
  [
    'another package needs something else',
    { 'apps/admin/package.json': json({ name: 'admin', dependencies: { ui: '*' } }) },
  ],
  [
    'a package that nobody needs gets the name of another one',
    { 'apps/admin/package.json': json({ name: 'util' }) },
  ],
])('stands for it when %s', (_, change) => {
  expect(isSame(change)).toBe(true);
});

describe('a place that a build has looked at is another one after a change of', () => {
  const PAGE = 'apps/admin/src/page.js';
  it.each<[string, string, Files]>([
    ['its mode alone', `file ${PAGE}`, { [PAGE]: { mode: '100755', id: idOf(PAGE) } }],
    ['its attributes', `file ${PAGE}`, { 'apps/admin/.gitattributes': '*.js ident' }],
    ['attributes of its list', 'listing apps/admin/src', { 'apps/admin/src/.gitattributes': '* eol=crlf' }],
    ['attributes above its list', 'listing apps/admin/src', { 'apps/admin/.gitattributes': '* eol=crlf' }],
    ['the case of its name', `file ${PAGE}`, { [PAGE]: '', 'apps/admin/src/Page.js': 'admin' }],
    ['a link in its place', `file ${PAGE}`, { [PAGE]: { mode: '120000', id: idOf(PAGE) } }],
    ['a submodule below', 'package apps/admin', { 'apps/admin/sub': { mode: '160000', id: 'x' } }],
    ['imports of its manifest', 'manifest apps/admin', { 'apps/admin/package.json': json({ imports: {} }) }],
    ['the packages beside it', 'parent apps', { 'apps/new/package.json': json({ name: 'new' }) }],
  ])('%s', (_, place, change) => {
    expect(known({ ...FILES, ...change }).stateOf(place)).not.toBe(known(FILES).stateOf(place));
  });
});

describe('every file counts', () => {
  it.each<[string, Files, string?]>([
    ['where the job names another package manager', {}, 'pnpm'],
    ['where the project does', { 'package.json': json({ ...top(), packageManager: 'yarn@4.9.2' }) }],
    ['where the package does', { [SITE]: manifest({ packageManager: 'yarn@4.9.2' }) }],
    [
      'where overrides lead to a directory',
      { 'package.json': json({ ...top(), overrides: { a: { tiny: 'file:./x' } } }) },
    ],
    [
      'where resolutions do',
      { 'package.json': json({ ...top(), resolutions: { tiny: 'file:./packages/util' } }) },
    ],
    [
      'where those of pnpm do',
      { 'pnpm-workspace.yaml': "packages:\n  - 'apps/*'\noverrides:\n  tiny: file:packages/util\n" },
    ],
  ])('%s', (_, change, manager = 'auto') => {
    expect(relatedOf(treeOf({ ...FILES, ...change }), 'apps/site', manager)).toHaveProperty('why');
  });

  it('not where pnpm has written of itself before the packages', () => {
    const { 'package-lock.json': _, ...unlocked } = FILES;
    const importers = 'importers:\n\n  .: {}\n\n  apps/site: {}\n\n  packages/ui: {}\n';
    const lock = (own: string) =>
      `---\nlockfileVersion: '9.0'\n\n${own}\n\n---\nlockfileVersion: '9.0'\n\n${importers}`;
    const one = known({ ...unlocked, 'pnpm-lock.yaml': lock('a: 1') });
    expect(known({ ...unlocked, 'pnpm-lock.yaml': lock('a: 2') }).lock).not.toBe(one.lock);
  });

  it('not where the job names the one of the lockfile, or none', () => {
    for (const manager of ['npm', 'none'])
      expect(relatedOf(treeOf(FILES), 'apps/site', manager)).not.toHaveProperty('why');
  });
});

function top(): object {
  return JSON.parse(String(FILES['package.json'])) as object;
}

function idOf(path: string): string {
  return treeOf(FILES).entries.find((entry) => entry.path === path)?.id ?? '';
}
