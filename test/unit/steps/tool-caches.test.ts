import { expect, it } from 'vitest';
import { callSteps, workspaceOf } from '../../support/steps.js';

/** The patterns for a workspace, without those that every project has. */
async function patternsFor(files: Record<string, unknown>, root = '.'): Promise<string[]> {
  const texts = Object.entries(files).map(([path, json]) => [path, JSON.stringify(json)]);
  const at = await workspaceOf(Object.fromEntries(texts));
  const patterns = async (directory: string) =>
    (await callSteps(['tool-caches.sh'], `tool-caches::patterns ${root}`, { at: directory })).stdout.split(
      '\n',
    );
  const always = await patterns(await workspaceOf({}));
  return (await patterns(at)).filter((pattern) => !always.includes(pattern));
}

const uses = (...names: string[]) => ({
  dependencies: Object.fromEntries(names.map((name) => [name, '*'])),
});

it('keeps dependencies, of every package manager', async () => {
  const { stdout } = await callSteps(['tool-caches.sh'], 'tool-caches::patterns .', {
    at: await workspaceOf({}),
  });
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['**/node_modules/', '**/.pnp.cjs']));
});

it.each([
  ['a tool that package.json names', { 'package.json': uses('next') }, ['**/.next/cache/']],
  ['a tool of a workspace', { 'package.json': {}, 'apps/web/package.json': uses('turbo') }, ['**/.turbo/']],
  ['a tool with two caches', { 'package.json': uses('nuxt') }, ['**/.nuxt/', '**/.output/cache/']],
  ['no tool', { 'package.json': uses('react') }, []],
  ['a name that only begins like a tool’s', { 'package.json': uses('nextra', 'next-auth') }, []],
])('for %s', async (_, files, patterns) => {
  expect(await patternsFor(files)).toEqual(patterns);
});

it.each([
  ['of the workspace', { 'package.json': { koalaci: { cache: ['.mine/'] } } }, '.', ['/.mine/']],
  [
    'with a slash or a dot before it',
    { 'package.json': { koalaci: { cache: ['/a', './b'] } } },
    '.',
    ['/a', '/b'],
  ],
  [
    'that leads out of the project',
    { 'package.json': { koalaci: { cache: ['../x', 'a/../../x', ''] } } },
    '.',
    [],
  ],
  ['that is no list', { 'package.json': { koalaci: { cache: 'x' } } }, '.', []],
  ['with what is no text', { 'package.json': { koalaci: { cache: [1, null, 'x'] } } }, '.', ['/x']],
  [
    'of the project, relative to it',
    { 'package.json': {}, 'apps/web/package.json': { koalaci: { cache: ['.mine/'] } } },
    'apps/web',
    ['/apps/web/.mine/'],
  ],
])('takes a list of caches %s', async (_, files, root, patterns) => {
  expect(await patternsFor(files, root)).toEqual(patterns);
});
