// Manifests that are no JSON.
import { describe, expect, it } from 'vitest';
import { parseJson5, parseYaml } from '../../../ci/steps/detection/manifest-forms.mjs';
import { detect, summary } from '../../support/detection.js';

it.each([
  ['JSON', '{ "a": "b", "n": -1.5e3, "l": [1, "x"], "t": true, "z": null }'],
  ['comments', '// c\n{ /* " */ "a": "b", // d\n "n": -1500, "l": [1, "x"], "t": true, "z": null }'],
  ['last commas', '{ "a": "b", "n": -1500, "l": [1, "x", ], "t": true, "z": null, // }\n }'],
  ['names and single quotes', "{ a: 'b', n: -1500, l: [1, 'x'], t: true, 'z': null }"],
])('JSON5 with %s', (_, text) => {
  expect(parseJson5(text)).toEqual({ a: 'b', n: -1500, l: [1, 'x'], t: true, z: null });
});

it.each([
  ["'it\\'s'", "it's"],
  ['"a \\"b\\" // c"', 'a "b" // c'],
  ["'\\u00e4\\n'", 'ä\n'],
  ['{ a', undefined],
  ['"a', undefined],
  ['/* a', undefined],
])('reads %s', (text, value) => {
  expect(parseJson5(text)).toEqual(value);
});

it('reads of YAML what manifests have', () => {
  const text = `# pnpm
---
name: "site"
'private': true
scripts:
  build: vite build # comment
  dev: "vite --port 80 # no"
  long: >-
    tsc -b &&
    vite build

  "a:b": 'it''s'
dependencies: { vite: ^6, "@x/y": workspace:* }
workspaces:
- apps/*
- 'packages/*'
files: [a, "b"]
engines:
  node: '>=20'
empty:
packageManager: pnpm@9.0.0
`;
  expect(parseYaml(text)).toEqual({
    name: 'site',
    private: true,
    scripts: {
      build: 'vite build',
      dev: 'vite --port 80 # no',
      long: 'tsc -b && vite build',
      'a:b': "it's",
    },
    dependencies: { vite: '^6', '@x/y': 'workspace:*' },
    workspaces: ['apps/*', 'packages/*'],
    files: ['a', 'b'],
    engines: { node: '>=20' },
    empty: null,
    packageManager: 'pnpm@9.0.0',
  });
  expect(parseYaml('')).toEqual({});
  expect(parseYaml('- a')).toBeUndefined();
});

describe('a project of pnpm', () => {
  it.each([
    ['package.json5', "{ name: 'site', devDependencies: { astro: '5' }, scripts: { make: 'astro build' } }"],
    ['package.yaml', 'name: site\ndevDependencies:\n  astro: "5"\nscripts:\n  make: astro build\n'],
  ])('is found by its %s', async (file, text) => {
    const found = await detect({ [file]: text });
    expect(summary(found)).toEqual(['Astro', 'pnpm run make', 'dist']);
    expect(found.framework).toMatchObject({ reason: 'astro in devDependencies', file });
    expect(found.name).toEqual({ value: 'site', reason: 'name', file });
  });

  it('may have members that are', async () => {
    const { packages } = await detect({
      'package.json': '{}',
      'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
      'apps/site/package.yaml': 'name: site\ndependencies:\n  vite: 6\nscripts:\n  build: vite build\n',
    });
    expect(packages.map(({ root }) => root)).toEqual(['apps/site']);
  });

  it('is told what cannot be read', async () => {
    const { notes } = await detect({ 'package.json5': '{ name: ' });
    expect(notes).toEqual(['package.json5 cannot be understood']);
  });
});
