import { describe, expect, it } from 'vitest';
import { globOf } from '../../../ci/steps/detection/glob.mjs';
import { detect, manifest, summary } from '../../support/detection.js';

const member = (
  name: string,
  dependencies: string[],
  scripts: Record<string, string> = { build: 'vite build' },
) => manifest(dependencies, { name, scripts });
const workspaces = (fields: object = {}) => manifest([], { workspaces: ['apps/*', 'packages/*'], ...fields });
const LIBRARY = { 'packages/ui/package.json': member('@x/ui', ['tsup'], { build: 'tsup src/index.ts' }) };
const WEB = { 'apps/web/package.json': member('web', ['vite', '@x/ui']) };
const DOCS = { 'apps/docs/package.json': member('docs', ['astro'], { build: 'astro build' }) };
const NPM = { 'package-lock.json': '{}' };

describe('the root of a monorepo', () => {
  it('lists what can be deployed, and no libraries', async () => {
    const found = await detect({ 'package.json': workspaces(), ...NPM, ...LIBRARY, ...WEB, ...DOCS });
    expect(found.packages.map((one) => [one.root, ...summary({ ...found, ...one })])).toEqual([
      ['apps/docs', 'Astro', 'npm run build', 'dist'],
      ['apps/web', 'Vite', 'npm run build --workspace @x/ui && npm run build', 'dist'],
    ]);
    expect(found.build_command).toMatchObject({
      value: null,
      reason: expect.stringContaining('set project_root to one of them'),
    });
  });

  it('is built for its only site', async () => {
    const found = await detect({ 'package.json': workspaces(), ...NPM, ...LIBRARY, ...WEB });
    expect(summary(found)).toEqual([
      'Vite',
      'npm run build --workspace @x/ui && npm run build --workspace web',
      'apps/web/dist',
    ]);
  });

  it('is built by its own script, where it has one', async () => {
    const root = workspaces({
      scripts: { build: 'turbo run build' },
      devDependencies: { turbo: '2', vite: '7' },
    });
    const found = await detect({ 'package.json': root, ...NPM, ...LIBRARY, ...WEB });
    expect(summary(found)).toEqual(['Vite', 'npm run build', 'apps/web/dist']);
  });

  it('is itself a site, where its scripts say so', async () => {
    const root = workspaces({ scripts: { build: 'next build' }, dependencies: { next: '1' } });
    const found = await detect({ 'package.json': root, ...NPM, ...LIBRARY, ...WEB });
    expect(summary(found)).toEqual(['Next.js', 'npm run build', '.next']);
    expect(found.packages.map((one) => one.root)).toEqual(['apps/web']);
  });

  it.each([
    ['pnpm', { 'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - "packages/*"\n  - "!apps/old"\n' }],
    ['lerna', { 'lerna.json': '{ "packages": ["{apps,packages}/*", "!**/old"] }', ...NPM }],
    [
      'yarn',
      {
        'package.json': manifest([], { workspaces: { packages: ['./apps/*', 'packages/**', '!apps/old'] } }),
      },
    ],
  ])('has its packages from %s', async (_, files) => {
    const old = {
      'apps/old/package.json': member('old', ['vite']),
      'apps/node_modules/x/package.json': member('x', ['vite']),
    };
    const found = await detect({
      'package.json': manifest([]),
      ...LIBRARY,
      ...WEB,
      ...DOCS,
      ...old,
      ...files,
    });
    expect(found.packages.map((one) => one.root)).toEqual(['apps/docs', 'apps/web']);
  });
});

describe('a package of a monorepo is built with what it needs', () => {
  const turbo = { 'turbo.json': '{}', 'package.json': workspaces({ devDependencies: { turbo: '2' } }) };
  const nx = { 'nx.json': '{}', 'package.json': workspaces({ devDependencies: { nx: '22' } }) };
  const plain = { 'package.json': workspaces() };
  const deep = {
    'packages/ui/package.json': member('@x/ui', ['@x/base']),
    'packages/base/package.json': member('@x/base', []),
  };

  it.each([
    ['by Turborepo', { ...turbo, ...NPM, ...LIBRARY }, 'npx turbo run build --filter=web'],
    ['by Nx', { ...nx, ...NPM, ...LIBRARY }, 'npx nx run web:build'],
    [
      'by pnpm',
      { ...plain, 'pnpm-workspace.yaml': 'packages: ["*/*"]', 'pnpm-lock.yaml': '', ...LIBRARY },
      'pnpm --filter web... run build',
    ],
    [
      'by yarn',
      { ...plain, 'yarn.lock': '', ...LIBRARY },
      'yarn workspace @x/ui run build && yarn run build',
    ],
    ['by bun', { ...plain, 'bun.lock': '', ...LIBRARY }, 'bun run --filter @x/ui build && bun run build'],
    [
      'in the order of the needs',
      { ...plain, ...NPM, ...deep },
      'npm run build --workspace @x/base && npm run build --workspace @x/ui && npm run build',
    ],
    [
      'alone, where that needs no build',
      { ...plain, ...NPM, 'packages/ui/package.json': manifest([], { name: '@x/ui' }) },
      'npm run build',
    ],
  ])('%s', async (_, files, command) => {
    const found = await detect({ ...files, ...WEB }, 'apps/web');
    expect(summary(found)).toEqual(['Vite', command, 'dist']);
  });

  it('and with the lockfile and the Node of the root', async () => {
    const found = await detect({ ...plain, 'yarn.lock': '', '.nvmrc': '22\n', ...WEB }, 'apps/web');
    expect(found.package_manager).toMatchObject({ value: 'yarn', file: 'yarn.lock' });
    expect(found.node_version).toEqual({ value: '22', reason: 'line 1', file: '.nvmrc' });
  });
});

describe('an Nx workspace whose applications have no package.json', () => {
  const application = (executor: string, outputPath: string) =>
    JSON.stringify({ projectType: 'application', targets: { build: { executor, options: { outputPath } } } });
  const root = {
    'package.json': manifest(['nx', 'vite', 'react']),
    'nx.json': '{}',
    ...NPM,
    'apps/shop/project.json': application('@nx/vite:build', 'dist/apps/shop'),
    'apps/shop/index.html': '',
    'apps/shop-e2e/project.json': JSON.stringify({ projectType: 'application' }),
    'libs/ui/project.json': JSON.stringify({ projectType: 'library' }),
  };

  it('is built from its root, or from the directory of one', async () => {
    expect(summary(await detect(root))).toEqual(['Vite', 'npx nx run shop:build', 'dist/apps/shop']);
    expect(summary(await detect(root, 'apps/shop'))).toEqual([
      'Vite',
      'npx nx run shop:build',
      '../../dist/apps/shop',
    ]);
  });

  it('lists several', async () => {
    const admin = { 'apps/admin/project.json': application('@nx/angular:application', 'dist/apps/admin') };
    const vite = {
      'apps/docs/project.json': JSON.stringify({ name: 'manual', projectType: 'application', targets: {} }),
      'apps/docs/vite.config.mts':
        "export default { root: __dirname, build: { outDir: '../../dist/manual' } }",
    };
    const { packages } = await detect({ ...root, ...admin, ...vite });
    expect(packages.map((one) => [one.root, one.build_command.value, one.dist_directory.value])).toEqual([
      ['apps/admin', 'npx nx run admin:build', '../../dist/apps/admin/browser'],
      ['apps/docs', 'npx nx run manual:build', '../../dist/manual'],
      ['apps/shop', 'npx nx run shop:build', '../../dist/apps/shop'],
    ]);
  });
});

describe('an Nx workspace whose applications have no script', () => {
  const PLUGINS = JSON.stringify({
    plugins: ['@nx/next/plugin', { plugin: '@nx/vite/plugin', options: { buildTargetName: 'bundle' } }],
  });
  const app = (name: string) => JSON.stringify({ name: `@x/${name}`, private: true });
  const vite =
    "export default defineConfig(() => ({ root: import.meta.dirname, build: { outDir: './dist' } }))";
  const root = {
    'package.json': manifest(['nx', 'vite', 'next', '@nx/vite'], { workspaces: ['apps/*', 'libs/*'] }),
    'nx.json': PLUGINS,
    ...NPM,
    'apps/web/package.json': app('web'),
    'apps/web/vite.config.mts': vite,
    'apps/web/index.html': '',
    // It is only tested.
    'libs/ui/package.json': app('ui'),
    'libs/ui/vite.config.ts': vite,
  };

  it('is built as its plugins find it', async () => {
    expect(summary(await detect(root))).toEqual(['Vite', 'npx nx run @x/web:bundle', 'apps/web/dist']);
    expect(summary(await detect(root, 'apps/web'))).toEqual(['Vite', 'npx nx run @x/web:bundle', 'dist']);
  });

  it('lists several, also those whose project.json says where they write', async () => {
    const { packages } = await detect({
      ...root,
      'apps/shop/package.json': app('shop'),
      'apps/shop/next.config.js': "module.exports = { output: 'export' };",
      'apps/cart/package.json': app('cart'),
      'apps/cart/project.json': JSON.stringify({
        ...{ name: 'cart', projectType: 'application' },
        targets: { build: { outputs: ['{workspaceRoot}/dist/apps/cart'] } },
      }),
      'apps/cart/next.config.js': '',
    });
    expect(packages.map((one) => [one.root, one.build_command.value, one.dist_directory.value])).toEqual([
      ['apps/cart', 'npx nx run cart:build', '../../dist/apps/cart'],
      ['apps/shop', 'npx nx run @x/shop:build', 'out'],
      ['apps/web', 'npx nx run @x/web:bundle', 'dist'],
    ]);
  });

  it('has one whose script builds it built by that', async () => {
    const own = manifest(['vite'], { name: '@x/web', scripts: { build: 'vite build' } });
    const { build_command } = await detect({ ...root, 'apps/web/package.json': own }, 'apps/web');
    expect(build_command.value).toBe('npm run build');
  });
});

describe('the root of workspaces', () => {
  const web = { 'web/package.json': member('web', ['@redwoodjs/web'], {}), 'web/src/index.html': '' };

  it('is a framework by its own file', async () => {
    const found = await detect({
      'package.json': manifest(['@redwoodjs/core'], { workspaces: ['web', 'api'] }),
      'redwood.toml': '',
      'yarn.lock': '',
      ...web,
    });
    expect(summary(found)).toEqual(['RedwoodJS', 'yarn redwood build web', 'web/dist']);
    expect(found.packages).toEqual([]);
  });

  it('has pages of its own only where nothing below it is built', async () => {
    const root = { 'package.json': '{ "workspaces": ["apps/*"] }', 'public/index.html': '' };
    expect(summary(await detect(root))).toEqual(['Plain HTML', '', 'public']);
    const site = { 'apps/site/package.json': member('site', ['vite']) };
    expect((await detect({ ...root, ...site })).framework.value).toBe('Vite');
  });
});

describe('a repository of projects that nothing lists', () => {
  it('lists them', async () => {
    const found = await detect({
      'site/package.json': member('site', ['vite']),
      'manual/mkdocs.yml': '',
      'server/package.json': manifest(['express']),
    });
    expect(found.packages.map((one) => [one.root, one.framework.value])).toEqual([
      ['manual', 'MkDocs'],
      ['site', 'Vite'],
    ]);
  });

  it('builds the only one', async () => {
    const found = await detect({ 'README.md': '', 'front end/package.json': member('site', ['vite']) });
    expect(summary(found)).toEqual(['Vite', "cd 'front end' && npm run build", 'front end/dist']);
  });
});

describe('a pattern of workspaces', () => {
  it.each([
    ['apps/*', 'apps/web', true],
    ['apps/*', 'apps/web/inner', false],
    ['apps/**', 'apps/web/inner', true],
    ['**/web', 'web', true],
    ['{apps,packages/*}/web', 'packages/x/web', true],
    ['apps/w?b.*', 'apps/web.x', true],
    ['apps/w+b', 'apps/wwb', false],
    [`${'*a'.repeat(40)}b`, 'a'.repeat(200), false],
  ])('%s: %s', (pattern, path, fits) => {
    expect(globOf(pattern).test(path)).toBe(fits);
  });
});
