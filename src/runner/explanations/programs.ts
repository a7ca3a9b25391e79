// Which package has a program, of those that builds of web sites call. Pure.
//
// Only of these is it said what to install: a stranger may have given any other name to a package of his own.

/** Programs that their packages are named after. */
const OWN = new Set(
  [
    'astro concurrently cross-env cypress esbuild eslint expo gatsby gulp http-server husky jest lerna mkdirp mocha next nodemon nuxt',
    'nx parcel patch-package postcss-cli prettier prisma react-scripts rimraf rollup sass semver serve shx storybook stylelint svelte-check',
    'svgo tsup tsx turbo typedoc vite vitepress vitest workbox-cli wrangler',
  ]
    .join(' ')
    .split(' '),
);
/** Programs of packages with other names, with what they do not work without. */
const OTHERS: Record<string, string> = {
  babel: '@babel/cli @babel/core',
  biome: '@biomejs/biome',
  docusaurus: '@docusaurus/core',
  dotenv: 'dotenv-cli',
  eleventy: '@11ty/eleventy',
  'graphql-codegen': '@graphql-codegen/cli',
  lessc: 'less',
  nest: '@nestjs/cli',
  ng: '@angular/cli',
  nuxi: 'nuxt',
  playwright: '@playwright/test',
  postcss: 'postcss postcss-cli',
  'react-router': '@react-router/dev',
  rsbuild: '@rsbuild/core',
  rspack: '@rspack/cli @rspack/core',
  'run-p': 'npm-run-all',
  'run-s': 'npm-run-all',
  'svelte-kit': '@sveltejs/kit',
  swc: '@swc/cli @swc/core',
  tailwindcss: '@tailwindcss/cli',
  tsc: 'typescript',
  'ts-node': 'ts-node typescript',
  'vue-cli-service': '@vue/cli-service',
  'vue-tsc': 'vue-tsc typescript',
  webpack: 'webpack webpack-cli',
};

/** What to install for a program, if that is known. */
export function packagesWith(program: string): string | undefined {
  if (OWN.has(program)) return program;
  return Object.hasOwn(OTHERS, program) ? OTHERS[program] : undefined;
}
