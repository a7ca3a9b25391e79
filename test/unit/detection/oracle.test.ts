// The detection on the example projects of `npm run examples`: against how they are built there, and against Netlify's detection. Each
// difference has its reason here.
import { getBuildInfo } from '@netlify/build-info/node';
import { describe, expect, it } from 'vitest';
import { detect } from '../../../ci/steps/detection/detect.mjs';
import { bundlers } from '../../examples/bundlers.js';
import { type Example, manifest } from '../../examples/example.js';
import { shapes } from '../../examples/shapes.js';
import { sites } from '../../examples/sites.js';
import { written } from '../../examples/written.js';
import { workspaceOf } from '../../support/steps.js';

type Project = Pick<Example, 'name' | 'manager' | 'command' | 'dist' | 'files'>;

/** What the starters of `npm run examples` make, as far as it matters here: they come from the network. */
const starters: Project[] = [
  starter(
    'vite-react',
    { build: 'tsc -b && vite build' },
    ['react', 'vite', '@vitejs/plugin-react', 'typescript'],
    'dist',
  ),
  starter('vite-svelte', { build: 'vite build' }, ['svelte', 'vite', '@sveltejs/vite-plugin-svelte'], 'dist'),
  starter('vite-solid', { build: 'tsc -b && vite build' }, ['solid-js', 'vite', 'vite-plugin-solid'], 'dist'),
  starter(
    'create-vue',
    {
      build: 'run-p type-check "build-only {@}" --',
      'build-only': 'vite build',
      'type-check': 'vue-tsc --build',
    },
    ['vue', 'vite', 'npm-run-all2'],
    'dist',
  ),
  starter('next-export', { build: 'next build' }, ['next', 'react'], 'out', {
    'next.config.ts': "export default { generateBuildId: () => 'example', output: 'export' };\n",
  }),
  starter('next-server', { build: 'next build' }, ['next', 'react'], '.next', {
    'next.config.ts': "export default { generateBuildId: () => 'example' };\n",
  }),
  starter(
    'sveltekit',
    { build: 'vite build' },
    ['@sveltejs/kit', '@sveltejs/adapter-auto', 'svelte', 'vite'],
    '.svelte-kit/output',
  ),
  starter(
    'angular',
    { build: 'ng build' },
    ['@angular/cli', '@angular/build', '@angular/core'],
    'dist/app/browser',
    {
      'angular.json': JSON.stringify({
        projects: {
          app: {
            projectType: 'application',
            architect: { build: { builder: '@angular/build:application', options: {} } },
          },
        },
      }),
    },
  ),
  starter('docusaurus', { build: 'docusaurus build' }, ['@docusaurus/core', 'react'], 'build'),
  starter('ember', { build: 'ember build --environment=production' }, ['ember-cli', 'ember-source'], 'dist'),
  starter('create-react-app', { build: 'react-scripts build' }, ['react-scripts', 'react'], 'build'),
  starter('vue-cli', { build: 'vue-cli-service build' }, ['@vue/cli-service', 'vue'], 'dist'),
  starter(
    'qwik',
    { build: 'qwik build', 'build.client': 'vite build' },
    ['@builder.io/qwik', 'vite'],
    'dist',
  ),
  starter('waku', { build: 'waku build' }, ['waku', 'react', 'vite'], 'dist/public'),
  starter('docusaurus-1', { build: 'docusaurus-build' }, ['docusaurus'], 'build/test-site', {
    'siteConfig.js': "const siteConfig = { projectName: 'test-site' };\nmodule.exports = siteConfig;\n",
  }),
  starter('polymer', { build: 'polymer build' }, ['polymer-cli'], 'build/esm-bundled', {
    'polymer.json': '{ "builds": [{ "name": "esm-bundled" }, { "name": "es5-bundled" }] }',
  }),
  starter('sanity', { build: 'sanity build' }, ['@sanity/cli', 'react'], 'dist'),
  starter('mastra', { build: 'mastra build' }, ['mastra', '@mastra/core', 'typescript'], '.mastra/output', {
    'tsconfig.json': '{ "compilerOptions": { "noEmit": true, "outDir": "dist" } }',
  }),
  starter('nestjs', { build: 'nest build' }, ['@nestjs/cli', '@nestjs/core', 'typescript'], 'dist', {
    'tsconfig.json': '{ "compilerOptions": { "outDir": "./dist" } }',
  }),
  {
    ...{ name: 'redwood', manager: 'yarn', command: 'yarn redwood build web', dist: 'web/dist' },
    files: {
      'package.json': JSON.stringify({
        workspaces: ['api', 'web'],
        devDependencies: { '@redwoodjs/core': '8' },
      }),
      'redwood.toml': '[web]\n',
      'web/package.json': '{ "name": "web", "dependencies": { "@redwoodjs/web": "8" } }',
      'web/src/index.html': '',
      'api/package.json': '{ "name": "api" }',
    },
  },
  {
    ...{ name: 'nx-react', manager: 'npm', command: 'npx nx run @nx-react/web:build', dist: 'apps/web/dist' },
    files: {
      'package.json': manifest({}, ['nx', '@nx/vite', 'vite', 'react'], { workspaces: ['apps/*'] }),
      'nx.json':
        '{ "plugins": [{ "plugin": "@nx/vite/plugin", "options": { "buildTargetName": "build" } }] }',
      'apps/web/package.json': '{ "name": "@nx-react/web", "private": true }',
      'apps/web/index.html': '',
      'apps/web/vite.config.mts':
        "export default defineConfig(() => ({ root: import.meta.dirname, build: { outDir: './dist' } }));\n",
    },
  },
];
const projects: Project[] = [...shapes, ...written, ...sites, ...bundlers, ...starters];

/** Where the example is built in another way than its files say. */
const OTHERWISE: Record<string, string> = {
  prepare: 'it has no build script: only the job has its command',
  submodule: 'it has no build script: only the job has its command',
  lfs: 'the job copies its files; they can be shipped as they are',
  expo: 'the job builds it for Android; for the web is the usual way',
  'turbo-pnpm': 'the job builds all packages, the detection the one that is deployed, and what it needs',
  'nx-npm': 'the job builds all packages, the detection the one that is deployed, and what it needs',
};

/** Where Netlify's detection says something else. */
const DIFFERENCES: Record<string, string> = {
  ...all('it knows no bundlers and tools but Vite, Parcel and Gulp', [
    'rsbuild',
    'webpack',
    'webpack4',
    'rollup',
    'esbuild',
    'bun-build',
    'swc',
    'babel',
    'browserify',
    'tsup',
    'prisma',
    'pug',
    'sass',
    'postcss',
    'tailwind',
  ]),
  ...all('it knows no such generator', ['honkit', 'slidev', 'marp', 'typedoc', 'jsdoc', 'redocly']),
  ...all('it knows no site without a framework', ['plain', 'lfs']),
  ...all('it knows no package without a framework', [
    'turbo-pnpm',
    'nx-npm',
    'workspaces-npm',
    'workspaces-yarn',
  ]),
  ...all('it knows no such tool', ['polymer', 'sanity', 'mastra', 'nestjs']),
  'docusaurus-1': 'it leaves the name of the project open, which siteConfig.js has',
  redwood: "it runs `rw deploy netlify`, which is its own host's",
  'nx-react': 'it takes vite.config for the sign of Remix, and reads no plugins of Nx',
  expo: 'its command runs only where node_modules/.bin is in PATH; -p is --platform',
  lit: "its command runs only where node_modules/.bin is in PATH, not with yarn's Plug'n'Play",
  metalsmith: 'build.js says destination("dist"), which Netlify does not read',
  vuepress: '`vuepress build docs` writes into docs/.vuepress/dist',
  nuxt: 'dist is what its own adapter makes; elsewhere `nuxt build` writes into .output',
  solidstart: 'dist is what its own adapter makes; elsewhere vinxi writes into .output',
  angular: 'it takes no project by itself; what browsers get is in dist/app/browser',
  sveltekit:
    'build is what other adapters make; without a known host, adapter-auto leaves .svelte-kit/output',
  'next-export': "it does not read output: 'export', by which Next.js writes into out",
  'create-vue': '`build` runs build-only, and checks the types beside it',
};

describe('the examples are found to be built as they are built:', () => {
  it.each(projects.filter(({ name }) => !(name in OTHERWISE)))('$name', async ({
    manager,
    command,
    dist,
    files,
  }) => {
    const { build_command, dist_directory } = detect(await workspaceOf(files ?? {}), '.', manager);
    expect([plain(build_command.value), dist_directory.value]).toEqual([plain(command), dist]);
  });
});

it("and as Netlify's detection says, but for differences that have a reason", async () => {
  const different: string[] = [];
  for (const { name, manager, files } of projects) {
    const at = await workspaceOf({ ...files, [LOCKFILES[manager]]: '' });
    const { build_command, dist_directory } = detect(at, '.', manager);
    const [theirs] = (await getBuildInfo({ projectDir: at, rootDir: at })).settings;
    if (
      plain(theirs?.buildCommand) !== plain(build_command.value) ||
      (theirs?.dist ?? null) !== dist_directory.value
    )
      different.push(name);
  }
  expect(different.sort()).toEqual(Object.keys(DIFFERENCES).sort());
}, 60_000);

const LOCKFILES = {
  npm: 'package-lock.json',
  yarn: 'yarn.lock',
  pnpm: 'pnpm-lock.yaml',
  bun: 'bun.lock',
  none: '.none',
};

/** `yarn build` is `yarn run build`. */
function plain(command: string | null | undefined): string | null {
  return command?.replace(/\b(pnpm|yarn(?: workspace \S+)?) run /g, '$1 ') ?? null;
}

function starter(
  name: string,
  scripts: Record<string, string>,
  uses: string[],
  dist: string,
  files: Record<string, string> = {},
): Project {
  return {
    name,
    manager: 'npm',
    command: 'npm run build',
    dist,
    files: { 'package.json': manifest(scripts, uses), ...files },
  };
}

function all(reason: string, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}
