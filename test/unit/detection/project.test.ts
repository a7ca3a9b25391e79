// What is found of every project, whatever its framework.

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { detect as detectIn } from '../../../ci/steps/detection/detect.mjs';
import { detect, manifest, summary } from '../../support/detection.js';
import { callSteps, STEPS, workspaceOf } from '../../support/steps.js';

const PAGE = '<h1>Koala</h1>';

describe('a page is no site where something makes what it asks for:', () => {
  it.each([
    ['a script that is not there', '<script type="module" src="/elm.js">'],
    ['a script that no browser runs', '<script type="module" src="/src/main.tsx">'],
  ])('%s', async (_, page) => {
    const found = await detect({ 'index.html': page, 'src/main.tsx': '' });
    expect(summary(found)).toEqual([null, null, null]);
    expect(found.build_command.reason).toContain('something makes it');
  });

  it('what is there, is taken out, or comes from elsewhere says nothing', async () => {
    const page =
      '<!-- <script src="old.js"></script> --><script src="a%20b.js?v=1"></script><script src="https://cdn.example/x.js"></script><script src="/_vercel/insights/script.js"></script>';
    const found = await detect({ 'index.html': page, 'a b.js': '' });
    expect(summary(found)).toEqual(['Plain HTML', '', '.']);
  });

  it('packages below it are found', async () => {
    const found = await detect({
      'index.html': '<script src="app.ts"></script>',
      'web/package.json': manifest(['vite'], { scripts: { build: 'vite build' } }),
    });
    expect(found.dist_directory.value).toBe('web/dist');
  });
});

describe('plain files are shipped as they are', () => {
  it.each([
    ['from the root', { 'index.html': PAGE, 'about/index.html': PAGE }, '.'],
    ['from the directory that has the page', { 'README.md': '', 'pages/index.html': PAGE }, 'pages'],
    ['from the usual directory of several', { 'a/index.html': PAGE, 'public/index.html': PAGE }, 'public'],
    [
      'from beside a package.json that builds nothing',
      { 'index.html': PAGE, 'package.json': manifest(['prettier']) },
      '.',
    ],
  ])('%s', async (_, files, dist) => {
    const found = await detect(files);
    expect(summary(found)).toEqual(['Plain HTML', '', dist]);
    expect(found.dist_directory.file).toBe(join(dist, 'index.html'));
  });

  it('but a page that a tool bundles is none of these', async () => {
    const found = await detect({ 'index.html': PAGE, 'package.json': manifest(['vite']) });
    expect(summary(found)).toEqual(['Vite', 'npx vite build', 'dist']);
  });
});

describe('of several frameworks the one counts that builds the site:', () => {
  it.each<[string, string[], Record<string, string>, string, string | undefined, Record<string, string>?]>([
    [
      'a site before its documentation',
      ['next', 'storybook', 'vite'],
      { build: 'next build', 'build-storybook': 'storybook build' },
      'Next.js',
      'build',
    ],
    [
      'an application before the documentation beside it',
      ['vite', 'vitepress'],
      { build: 'vite build', 'docs:build': 'vitepress build' },
      'Vite',
      'build',
    ],
    [
      'the documentation of a library',
      ['tsup', 'vitepress'],
      { build: 'tsup', 'docs:dev': 'vitepress dev', 'docs:build': 'vitepress build' },
      'VitePress',
      'docs:build',
    ],
    [
      'what the build script runs through others',
      ['vite', 'astro'],
      { build: 'npm run check && run-s build:*', check: 'tsc', 'build:site': 'cross-env A=1 astro build' },
      'Astro',
      'build',
    ],
    [
      'what it runs beside others',
      ['vite', 'vue'],
      { build: 'run-p type-check "build-only {@}" --', 'build-only': 'vite build', 'type-check': 'vue-tsc' },
      'Vite',
      'build',
    ],
    [
      'a script that runs a generator without Node',
      ['vite', 'postcss'],
      { build: 'hugo --minify', postbuild: 'pagefind' },
      'Hugo',
      'build',
      { 'hugo.toml': '' },
    ],
    [
      'its own command, where only a script that deploys runs it',
      ['hexo'],
      { deploy: 'hexo generate && hexo deploy' },
      'Hexo',
      undefined,
    ],
    [
      'a script of another name',
      ['hexo'],
      { start: 'hexo server', 'build:prod': 'hexo generate' },
      'Hexo',
      'build:prod',
    ],
    [
      'a compiler before a bundler that only tests use',
      ['vite', 'typescript'],
      { build: 'tsc', test: 'vite build' },
      'TypeScript',
      'build',
    ],
  ])('%s', async (_, uses, scripts, name, script, files = {}) => {
    const found = await detect({ 'package.json': manifest(uses, { scripts }), ...files });
    expect(summary(found).slice(0, 2)).toEqual([name, script ? `npm run ${script}` : 'npx hexo generate']);
  });
});

it('does not take what is only a peer for a framework of the project', async () => {
  const fields = {
    peerDependencies: { next: '15' },
    scripts: { build: 'tsc' },
    devDependencies: { typescript: '5' },
  };
  expect((await detect({ 'package.json': manifest([], fields) })).framework.value).toBe('TypeScript');
});

describe('a command is written for the package manager', () => {
  it.each([
    ['npm', 'npm run build', 'npx astro build'],
    ['pnpm', 'pnpm run build', 'pnpm exec astro build'],
    ['yarn', 'yarn run build', 'yarn astro build'],
    ['bun', 'bun run build', 'bunx astro build'],
    ['none', 'npm run build', 'astro build'],
  ])('%s', async (manager, script, own) => {
    const scripts = { build: 'astro build' };
    expect(
      (await detect({ 'package.json': manifest(['astro'], { scripts }) }, '.', manager)).build_command.value,
    ).toBe(script);
    expect((await detect({ 'package.json': manifest(['astro']) }, '.', manager)).build_command.value).toBe(
      own,
    );
  });

  it('with a name that no shell takes for something else', async () => {
    const scripts = { "it's; rm": 'astro build' };
    const { build_command } = await detect({ 'package.json': manifest(['astro'], { scripts }) });
    expect((await execa('bash', ['-c', `npm() { printf '%s|' "$@"; }; ${build_command.value}`])).stdout).toBe(
      "run|it's; rm|",
    );
  });
});

/** The files of the project apps/site. */
const decided: [string, Record<string, string>][] = [
  ['a lockfile above', { 'package.json': '{}', 'yarn.lock': '' }],
  ['two lockfiles', { 'package.json': '{}', 'package-lock.json': '', 'pnpm-lock.yaml': '' }],
  [
    'packageManager above, and a lockfile',
    { 'package.json': '{ "packageManager": "pnpm@9.1.0" }', 'yarn.lock': '' },
  ],
  ['an unknown packageManager', { 'package.json': '{ "packageManager": "vlt@1" }' }],
  [
    'devEngines',
    {
      'package.json':
        '{ "devEngines": { "packageManager": { "name": "bun" }, "runtime": { "name": "node", "version": "^22" } } }',
    },
  ],
  ['no package.json of its own', { '.nvmrc': '# ours\nlts/*\n' }],
  [
    '.nvmrc above engines',
    { 'apps/site/package.json': '{ "engines": { "node": ">=20" } }', '.nvmrc': 'v22.1\n' },
  ],
  [
    'engines for people',
    {
      'apps/site/package.json': '{ "engines": { "node": "please-use-nvm" } }',
      'package.json': '{ "engines": { "node": "20 || 22" } }',
    },
  ],
  ['volta', { 'apps/site/package.json': '{ "volta": { "node": "20.1.0" }, "engines": { "node": "18" } }' }],
  ['mise', { 'mise.toml': '[tools]\nnode = ["22", "20"]\n' }],
  ['asdf', { '.tool-versions': 'nodejs 20.1.0\n', 'apps/site/.node-version': 'system\n' }],
];

describe('the package manager and the Node are those of a build:', () => {
  it.each(decided)('%s', async (_, files) => {
    const at = await workspaceOf({ 'apps/site/index.html': PAGE, '.run/.keep': '', ...files });
    const script = `STEPS=${STEPS}; WORKSPACE=${at} RUN=${at}/.run FACTS[project]=${at}/apps/site JOB[manager]=auto
      registry::is_range() { [[ $1 == *[0-9]* ]]; }
      requests::collect; toolchain::manager; requests::first node "\${NODE_PLACES[@]}" || true; echo "$REPLY"`;
    const steps = [
      'manager.sh',
      'manifest.sh',
      'node-aliases.sh',
      'requests.sh',
      'node-version.sh',
      'toolchain.sh',
    ];
    const { stdout } = await callSteps(steps, script);
    const found = detectIn(at, 'apps/site');
    expect([found.package_manager.value, found.node_version.value ?? '']).toEqual(stdout.split('\n'));
  });
});

it('names the tool caches of its packages', async () => {
  const { tool_caches } = await detect({ 'package.json': manifest(['next', 'eslint']) });
  expect(tool_caches).toEqual([
    { value: '.next/cache/*', reason: 'a cache of next', file: 'package.json' },
    { value: '.eslintcache', reason: 'a cache of eslint', file: 'package.json' },
  ]);
});

it('says the prefix of public variables that a project chose', async () => {
  const files = {
    'package.json': manifest(['vite']),
    'vite.config.js': "export default { envPrefix: 'APP_' }",
  };
  expect((await detect(files)).public_env_prefix).toEqual({
    value: 'APP_',
    reason: 'envPrefix',
    file: 'vite.config.js',
  });
});

describe('a project that is not as it should be', () => {
  it('is said to have a manifest that is no JSON', async () => {
    const found = await detect({ 'package.json': '{ "dependencies": ' });
    expect(found.notes).toEqual(['package.json is not JSON']);
    expect(found.build_command.value).toBeNull();
  });

  it.each([
    'null',
    '[]',
    '{ "scripts": 1, "dependencies": [1], "workspaces": { "packages": 1 }, "engines": "x", "name": {} }',
  ])('has %s as its manifest', async (text) => {
    expect((await detect({ 'package.json': text })).build_command.value).toBeNull();
  });

  it('cannot have files read that are outside, large, or no files', async () => {
    const at = await workspaceOf({ 'secret/package.json': manifest(['astro']), 'repository/.keep': '' });
    const top = join(at, 'repository');
    await symlink('../secret/package.json', join(top, 'package.json'));
    expect(detectIn(top).framework.value).toBeNull();
    await execa('mkfifo', [join(top, 'hugo.toml'), join(top, 'next.config.js')]);
    expect(detectIn(top).framework.value).toBeNull();
    await mkdir(join(top, 'site'));
    await writeFile(join(top, 'site/package.json'), manifest(['astro'], { a: 'x'.repeat(1024 ** 2) }));
    expect(detectIn(top, 'site').notes).toEqual(['site/package.json is too large to be read']);
  });

  it('may link in a circle', async () => {
    const at = await workspaceOf({
      'package.json': '{ "workspaces": ["**"] }',
      'a/package.json': manifest(['vite']),
    });
    await symlink('..', join(at, 'a/up'));
    expect(detectIn(at).packages.map(({ root }) => root)).toEqual(['a']);
  });
});
