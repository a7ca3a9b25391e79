// Projects that try to make the detection hang, to lead it out of them, or to put words into its mouth. What takes no end fails by the
// time that a test has.
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { detect as detectAt } from '../../../ci/steps/detection/detect.mjs';
import { detect, manifest } from '../../support/detection.js';
import { workspaceOf } from '../../support/steps.js';

const LONG = 2 ** 18;
const full = (piece: string) => piece.repeat(Math.floor(LONG / piece.length));

it.each([
  '/*',
  '"\\',
  "'\\",
  '`${',
  '/[',
  '${',
  '(',
  '{',
  ',/*',
  '\n',
  '\\',
])('a configuration of %j alone', async (piece) => {
  const { framework } = await detect({
    'package.json': manifest(['next'], { scripts: { build: 'next build' } }),
    'next.config.js': full(piece),
    'tsconfig.json': full(piece),
  });
  expect(framework.value).toBe('Next.js');
}, 120_000);

it.each([
  ['setOutputDirectory(', 'eleventy.config.js', '@11ty/eleventy', 'Eleventy'],
  ['\n', '.env', 'react-scripts', 'Create React App'],
  ['[a]\n', 'docs/.vuepress/config.toml', 'vuepress', 'VuePress'],
])(
  'a configuration of %j in %s',
  async (piece, file, uses, name) => {
    const { framework } = await detect({ 'package.json': manifest([uses]), [file]: full(piece) });
    expect(framework.value).toBe(name);
  },
  120_000,
);

it.each([
  ['<!--', 'index.html'],
  ['<script src ', 'index.html'],
  ['<script src=a.js>', 'index.html'],
  ['a={",', 'netlify.toml'],
  ["build={a='b',", 'netlify.toml'],
  ['"', 'netlify.toml'],
  ['a.', 'netlify.toml'],
  ['services: x #', 'render.yaml'],
  [' ', 'render.yaml'],
  ['actions/upload-pages-artifact', '.github/workflows/pages.yml'],
  ['\n path: ', '.github/workflows/pages.yml'],
])(
  'pages and the files of hosts: %j in %s',
  async (piece, file) => {
    const files = { 'package.json': manifest([], { scripts: { build: './build.sh' } }), [file]: full(piece) };
    expect((await detect(files)).build_command.value).toBe('npm run build');
    expect((await detect({ [file]: full(piece) })).node_version.value).toBeNull();
  },
  120_000,
);

it.each(['/*', '"\\"', ',/*', '[', '{a:', ' ', "'"])('a manifest of %j alone', async (piece) => {
  for (const name of ['package.json', 'package.json5', 'package.yaml'])
    expect((await detect({ [name]: full(piece) })).framework.value).toBeNull();
}, 120_000);

it('a script without an end', async () => {
  for (const piece of ['- ', '"', "a'", 'a && ', 'npm run build;']) {
    const scripts = { build: full(piece) };
    const { build_command } = await detect({ 'package.json': manifest(['vite'], { scripts }) });
    expect(build_command.value).toBe('npm run build');
    // It is told, but not all of it.
    expect(build_command.reason.length).toBeLessThan(400);
  }
}, 120_000);

it('objects inside each other', async () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const { framework } = await detect({
    'package.json': manifest(['vite']),
    'tsconfig.json': deep,
    'nx.json': deep,
  });
  expect(framework.value).toBe('Vite');
});

it.each([
  ['brackets', 'f('],
  ['choices', 'a ? '],
  ['signs', '!'],
  ['sums', 'a + '],
])(
  'a value of %s without an end',
  async (_, piece) => {
    const source = `const a = b + b, b = a;\nexport default { distDir: ${full(piece)}`;
    const { framework } = await detect({ 'package.json': manifest(['next']), 'next.config.js': source });
    expect(framework.value).toBe('Next.js');
  },
  120_000,
);

it('configurations that import each other, and scripts that lead in a circle', async () => {
  const { framework } = await detect({
    'package.json': manifest(['next'], { scripts: { build: 'cd a && npm run build' } }),
    'next.config.js': "import a from './config.a.js';\nexport default a;",
    'config.a.js': "import b from './next.config.js';\nexport default b;",
    'a/package.json': manifest([], { scripts: { build: 'cd .. && npm run build' } }),
  });
  expect(framework.value).toBe('Next.js');
});

it('scripts that call each other', async () => {
  const names = Array.from({ length: 2_000 }, (_, at) => `s${at}`);
  const calls = Object.fromEntries(
    names.map((name, at) => [name, `npm run s${at + 1} && npm run s${at + 2}`]),
  );
  const scripts = { build: 'npm run s0', ...calls };
  expect((await detect({ 'package.json': manifest(['vite'], { scripts }) })).build_command.value).toBe(
    'npm run build',
  );
});

it('pipes, devices and links that lead out or in a circle', async () => {
  const outside = await workspaceOf({ 'package.json': manifest(['astro']), 'index.html': 'secret' });
  const at = await workspaceOf({ 'apps/README.md': '' });
  execFileSync('mkfifo', [join(at, 'package.json')]);
  await symlink('/dev/zero', join(at, 'hugo.toml'));
  await symlink(outside, join(at, 'public'));
  await symlink('..', join(at, 'apps/again'));
  await symlink('index.html', join(at, 'index.html'));
  await mkdir(join(at, 'vite.config.js'));
  const found = detectAt(at);
  expect([found.framework.value, found.packages]).toEqual([null, []]);
});

it('a name or a command that would be more than one line', async () => {
  const found = await detect({
    'package.json': manifest(['vite'], {
      name: 'a\nkoalaci: dist directory: /etc',
      scripts: { 'build\u001b[2J\n; rm -rf': 'vite build' },
    }),
    'vite.config.js': "export default { build: { outDir: 'www\\nx' } }",
  });
  expect(found.build_command.value).not.toMatch(/\n; rm -rf$/m);
  expect(found.dist_directory.value).toBeNull();
});

it('a command is one word for the shell, whatever its script is called', async () => {
  const at = await workspaceOf({
    'package.json': manifest(['vite'], { scripts: { "build:$(touch x)'`": 'vite build' } }),
  });
  const { build_command } = detectAt(at);
  const words = execFileSync('bash', ['-c', `set -- ${build_command.value}; printf '%s\\n' "$@"`], {
    encoding: 'utf8',
  });
  expect(words.trimEnd().split('\n')).toEqual(['npm', 'run', "build:$(touch x)'`"]);
});

it('many directories are looked at once, and not without an end', async () => {
  const at = await workspaceOf({ 'package.json': '{ "workspaces": ["**"] }' });
  await Promise.all(
    Array.from({ length: 2_000 }, (_, n) => mkdir(join(at, `d${n % 50}/e${n}`), { recursive: true })),
  );
  await writeFile(join(at, 'd0/package.json'), manifest(['vite'], { name: 'one' }));
  expect(detectAt(at).packages.map(({ root }) => root)).toEqual(['d0']);
});
