import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

type Manifests = Record<string, unknown>;

const text = (content: unknown) => (typeof content === 'string' ? content : JSON.stringify(content));

/** A repository with these files, all of them tracked. */
async function repository(files: Manifests): Promise<string> {
  const at = await workspaceOf(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [path, text(content)])),
  );
  await execa('git', ['init', '-q'], { cwd: at });
  await execa('git', ['add', '-A'], { cwd: at });
  return at;
}

const lines = (stdout: string) => stdout.split('\n').filter((line) => line !== '');

async function patternsFor(files: Manifests, root = '.'): Promise<string[]> {
  const at = await repository(files);
  const { stdout } = await callSteps(['tool-caches.sh'], 'tool-caches::patterns "$1"', { at, words: [root] });
  // The rows of any package: what is left is what a test is about.
  return lines(stdout).filter((line) => !/(node_modules\/\.cache|\.yarn\/\.cache\/webpack)\/$/.test(line));
}

const uses = (...names: string[]) => ({
  dependencies: Object.fromEntries(names.map((name) => [name, '*'])),
});

it.each([
  ['a tool of the project', { 'package.json': uses('turbo') }, ['/.turbo/cache/']],
  [
    'a tool of a workspace',
    { 'package.json': {}, 'apps/web/package.json': uses('turbo') },
    ['/apps/web/.turbo/cache/'],
  ],
  ['a tool that is deep in the tree', { 'a/b/c/d/package.json': uses('turbo') }, ['/a/b/c/d/.turbo/cache/']],
  ['a development dependency', { 'package.json': { devDependencies: { turbo: '2' } } }, ['/.turbo/cache/']],
  ['a peer', { 'package.json': { peerDependencies: { turbo: '2' } } }, ['/.turbo/cache/']],
  ['one of two packages', { 'package.json': uses('hugo-bin') }, ['/resources/_gen/images/']],
  ['both of them', { 'package.json': uses('hugo-bin', 'hugo-extended') }, ['/resources/_gen/images/']],
  [
    'a tool with an exception',
    { 'package.json': uses('next') },
    ['/.next/cache/*', '!/.next/cache/fetch-cache/'],
  ],
  ['no tool', { 'package.json': uses('react') }, []],
  ['a name that only begins like a tool’s', { 'package.json': uses('turbo-stream', '@x/turbo') }, []],
  [
    'a name elsewhere in package.json',
    { 'package.json': { name: 'turbo', scripts: { turbo: 'turbo' } } },
    [],
  ],
  ['fields of other types', { 'package.json': { dependencies: ['turbo'], devDependencies: 1 } }, []],
  [
    'a directory with signs of patterns',
    { 'a[b]*?\\c/package.json': uses('turbo') },
    ['/a\\[b]\\*\\?\\\\c/.turbo/cache/'],
  ],
  ['a package that was committed with node_modules', { 'node_modules/x/package.json': uses('turbo') }, []],
])('keeps what the table names for %s', async (_, files, patterns) => {
  expect(await patternsFor(files)).toEqual(patterns);
});

it('keeps the notes of tsc that a build writes, not those that packages come with', async () => {
  const at = await repository({ 'package.json': uses('typescript') });
  const notes = ['a.tsbuildinfo', 'node_modules/.tmp/a.tsbuildinfo', 'node_modules/x/a.tsbuildinfo'];
  for (const note of notes) {
    await mkdir(dirname(join(at, note)), { recursive: true });
    await writeFile(join(at, note), '');
  }
  const { stdout } = await callSteps(['tool-caches.sh'], 'tool-caches::patterns .', { at });
  await writeFile(join(at, 'patterns'), stdout);
  const kept = ['ls-files', '--others', '--ignored', '--exclude-from=patterns'];
  expect(lines((await execa('git', kept, { cwd: at })).stdout)).toEqual(notes.slice(0, 2));
});

it('keeps a cache inside node_modules of the package, and of the root that packages are hoisted to', async () => {
  const files = { 'package.json': {}, 'apps/web/package.json': uses('vite') };
  expect(await patternsFor(files)).toEqual(['/apps/web/node_modules/.vite/', '/node_modules/.vite/']);
  const { stdout } = await callSteps(['tool-caches.sh'], 'tool-caches::patterns .', {
    at: await repository({ 'package.json': uses('astro', 'turbo') }),
  });
  expect(lines(stdout).filter((line) => line.includes('node_modules/'))).toEqual([
    '/node_modules/.astro/assets/',
    '/node_modules/.astro/data-store*',
    '/node_modules/.cache/',
  ]);
});

it('heeds only manifests that git tracks: others are output', async () => {
  const at = await repository({ 'package.json': {} });
  await mkdir(join(at, 'dist'));
  await writeFile(join(at, 'dist/package.json'), JSON.stringify(uses('turbo')));
  const { stdout } = await callSteps(['tool-caches.sh'], 'tool-caches::patterns .', { at });
  expect(stdout).not.toContain('turbo');
});

it.each([
  '{ "dependencies": ',
  'no JSON',
  '',
  '[]',
  '{} }',
])('passes over a manifest that reads %j', async (broken) => {
  const files = {
    'a/package.json': uses('turbo'),
    'b/package.json': broken,
    'c/package.json': uses('turbo'),
  };
  expect(await patternsFor(files)).toEqual(['/a/.turbo/cache/', '/c/.turbo/cache/']);
});

const cache = (...patterns: unknown[]) => ({ koalaci: { cache: patterns } });

it.each([
  ['of the workspace', { 'package.json': cache('.mine/') }, '.', ['/.mine/']],
  ['with a slash or a dot before it', { 'package.json': cache('/a', './b') }, '.', ['/a', '/b']],
  ['that leads out of the project', { 'package.json': cache('../x', 'a/../../x', '') }, '.', []],
  ['that is no list', { 'package.json': { koalaci: { cache: 'x' } } }, '.', []],
  ['with what is no text', { 'package.json': cache(1, null, 'x') }, '.', ['/x']],
  [
    'of the project, relative to it',
    {
      'package.json': cache('.root'),
      'apps/web/package.json': cache('.mine/'),
      'apps/b/package.json': cache('b'),
    },
    'apps/web',
    ['/apps/web/.mine/', '/.root'],
  ],
])('takes a list of caches %s', async (_, files, root, patterns) => {
  const [comment, ...own] = await patternsFor(files, root);
  expect(own.sort()).toEqual([...patterns].sort());
  // What is before it belongs to tools, and is not shipped.
  expect(comment).toBe(patterns.length > 0 ? '# koalaci.cache' : undefined);
});

it('names download caches in the home, and never a directory that several tools share', async () => {
  const { stdout } = await callSteps(['tool-caches.sh'], 'tool-caches::home');
  const home = lines(stdout);
  expect(home).toEqual(
    expect.arrayContaining(['.cache/yarn', '.npm/_cacache', '.cache/Cypress', '.bun/install/cache']),
  );
  for (const shared of ['.cache', '.local/share', '.config', '.npm']) expect(home).not.toContain(shared);
});

it('leads what a tool keeps in /tmp into the home', async () => {
  const home = await workspaceOf({});
  const script = 'HOME=$1; ln() { printf "%s\\n" "$@"; }; tool-caches::link; ls -d ~/.cache/koalaci/*/';
  const { stdout } = await callSteps(['tool-caches.sh'], script, { words: [home] });
  const at = `${home}/.cache/koalaci/metro-cache`;
  expect(lines(stdout)).toEqual(expect.arrayContaining(['/tmp', at, `${at}/`]));
});

it('has a place, a package and a source in each row of its table', async () => {
  const table = await readFile(join(STEPS, 'detection/frameworks.txt'), 'utf8');
  const [, caches = ''] = table.split('\n[caches]');
  const rows = lines(caches)
    .slice(1)
    .filter((line) => !line.startsWith('#'));
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) expect(row).toMatch(/^\S+ +(\*|[@\w][^ *]*) +https:\/\/\S+$/);
});
