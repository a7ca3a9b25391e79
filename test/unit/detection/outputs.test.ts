// Frameworks whose output more than a row of the table decides.
import { describe, expect, it } from 'vitest';
import { detect, manifest } from '../../support/detection.js';

const angular = (project: object, more: object = {}) =>
  JSON.stringify({ projects: { shop: { projectType: 'application', ...project } }, ...more });
const build = (builder: string, options: object = {}) => ({ architect: { build: { builder, options } } });
const APPLICATION = '@angular/build:application';
const BROWSER = '@angular-devkit/build-angular:browser';
const SERVER = expect.stringContaining('the output is a server');

interface Case {
  name: string;
  uses: string[];
  scripts: Record<string, string>;
  files?: Record<string, string>;
  dist: string | null;
  command?: string;
  notes?: unknown[];
}

const of = (uses: string, script: string) => ({ uses: [uses], scripts: { build: script } });
const next = of('next', 'next build');
const vite = of('vite', 'vite build');
const kit = { ...of('@sveltejs/kit', 'vite build') };
const nuxt = of('nuxt', 'nuxt build');
const ng = of('@angular/cli', 'ng build');
const eleventy = of('@11ty/eleventy', 'eleventy');
const router = of('@react-router/dev', 'react-router build');
const tanstack = of('@tanstack/react-start', 'vite build');
const solid = of('@solidjs/start', 'vinxi build');
const adapter = (name: string, options = '') => ({
  'svelte.config.js': `import adapter from '@sveltejs/adapter-${name}';\nexport default { kit: { adapter: adapter(${options}) } };\n`,
});

const cases: Case[] = [
  {
    name: 'Docusaurus 1 has a directory of the project in its own',
    ...of('docusaurus', 'docusaurus-build'),
    files: { 'siteConfig.js': "const siteConfig = { projectName: 'koala' };\nmodule.exports = siteConfig;" },
    dist: 'build/koala',
  },
  {
    name: 'Polymer makes several',
    ...of('polymer-cli', 'polymer build'),
    files: { 'polymer.json': '{ "builds": [{ "name": "esm-bundled" }, { "preset": "es5-bundled" }] }' },
    dist: 'build/esm-bundled',
    notes: ['polymer.json has 2 builds: this is the first one'],
  },
  {
    name: 'Polymer makes one of a preset',
    ...of('polymer-cli', 'polymer build'),
    files: { 'polymer.json': '{ "builds": [{ "preset": "es5-bundled" }] }' },
    dist: 'build/es5-bundled',
  },
  { name: 'Polymer makes one', ...of('polymer-cli', 'polymer build'), dist: 'build' },
  {
    name: 'a compiler that only checks makes nothing',
    ...of('typescript', 'tsc'),
    files: { 'tsconfig.json': '{ "compilerOptions": { "noEmit": true, "outDir": "dist" } }' },
    dist: null,
  },
  {
    name: 'a compiler is there, but the script runs something else',
    ...of('typescript', 'make-it'),
    files: { 'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }' },
    dist: null,
  },
  {
    name: 'Vite names its own directory as its root',
    ...vite,
    files: { 'vite.config.mts': "export default { root: import.meta.dirname, build: { outDir: './www' } }" },
    dist: 'www',
  },
  { name: 'Next.js serves', ...next, dist: '.next', notes: [SERVER] },
  {
    name: 'Next.js exports',
    ...next,
    files: { 'next.config.mjs': "export default { output: 'export' }" },
    dist: 'out',
  },
  {
    name: 'Next.js exports elsewhere',
    ...next,
    files: {
      'next.config.ts':
        "const c: NextConfig = { output: 'export', distDir: 'www' };\nexport default withMDX(c);",
    },
    dist: 'www',
  },
  {
    name: 'Next.js serves from elsewhere',
    ...next,
    files: { 'next.config.js': "module.exports = { distDir: 'www' }" },
    dist: 'www',
    notes: [SERVER],
  },
  { name: 'an old Next.js exports', ...of('next', 'next build && next export -o www'), dist: 'www' },
  {
    name: 'Next.js exports where a variable is set',
    ...next,
    files: { 'next.config.js': "module.exports = { output: process.env.S ? 'export' : undefined }" },
    dist: '.next',
    notes: [SERVER, 'next.config.js asks for S: it is taken to be unset'],
  },
  {
    name: 'Next.js exports where its script sets a variable',
    ...of('next', 'cross-env S=1 next build'),
    files: { 'next.config.js': "module.exports = { output: process.env.S ? 'export' : undefined }" },
    dist: 'out',
  },
  {
    name: 'Next.js exports on another host',
    ...next,
    files: {
      'next.config.js':
        "const isPages = process.env.GITHUB_ACTIONS || false;\nmodule.exports = { output: isPages ? 'export' : undefined }",
    },
    dist: '.next',
    notes: [SERVER, 'next.config.js asks for GITHUB_ACTIONS: it is taken to be unset'],
  },
  {
    name: 'a workflow publishes what Next.js makes where a variable is set',
    ...next,
    files: {
      'next.config.js': "module.exports = { output: process.env.S ? 'export' : undefined }",
      '.github/workflows/pages.yml':
        'steps:\n  - uses: actions/upload-pages-artifact@v3\n    with:\n      path: ./out\n',
    },
    dist: '.next',
    notes: [SERVER, 'next.config.js asks for S: it is taken to be unset'],
  },
  {
    name: 'a workflow publishes it',
    ...of('other', './build.sh'),
    files: {
      '.github/workflows/pages.yml':
        'steps:\n  - uses: actions/upload-pages-artifact@v3\n    with:\n      path: ./www\n  - uses: other\n    with:\n      path: no\n',
    },
    dist: 'www',
  },
  {
    name: 'webpack has several configurations, beside each other',
    ...of('webpack', 'webpack'),
    files: {
      'webpack.config.js':
        "module.exports = [{ output: { path: path.join(__dirname, 'www/assets') } }, { output: { path: path.join(__dirname, 'www') } }]",
    },
    dist: 'www',
  },
  {
    name: 'Vite builds for browsers and for a server',
    ...of('vite', 'vite build --outDir www/client && vite build --ssr src/server.js --outDir www/server'),
    dist: 'www',
    notes: [SERVER],
  },
  {
    name: 'Vite builds for a server that then writes the pages',
    ...of(
      'vite',
      'vite build --outDir www/client && vite build --ssr a.js --outDir www/server && node prerender.js',
    ),
    dist: 'www/client',
  },
  ...[
    'set -o pipefail && ./build.sh',
    'eslint . -o reports/lint.html && ./build.sh',
    'docker run -d nginx && ./build.sh',
    'mkdir -p logs && cp .env.example .env && ./build.sh',
  ].map((script) => ({ name: `nothing says it: ${script}`, ...of('other', script), dist: null })),
  {
    name: 'a directory for something else is made before',
    ...of('other', 'mkdir -p logs && node build.js'),
    files: { 'build.js': "fs.writeFileSync('www/index.html', '')" },
    dist: 'www',
  },
  ...['mv dist/index.html dist/200.html', 'mv dist/a dist/b', 'cp dist/index.html dist/404.html'].map(
    (script) => ({
      name: `it stays where it is: ${script}`,
      ...of('vite', `vite build && ${script}`),
      dist: 'dist',
    }),
  ),
  {
    name: 'an extension has a manifest beside its bundle',
    ...of('rollup', 'rollup -c'),
    files: { 'rollup.config.js': "export default { output: { dir: 'ext/js' } }", 'ext/manifest.json': '{}' },
    dist: 'ext',
  },
  { name: 'Nuxt serves', ...nuxt, dist: '.output', notes: [SERVER] },
  {
    name: 'Nuxt generates, by its other script',
    uses: ['nuxt'],
    scripts: { build: 'nuxt build', generate: 'nuxt generate' },
    command: 'npm run generate',
    dist: '.output/public',
  },
  {
    name: 'Nuxt has a static preset',
    ...nuxt,
    files: { 'nuxt.config.ts': "export default defineNuxtConfig({ nitro: { preset: 'static' } })" },
    dist: '.output/public',
  },
  {
    name: 'Nuxt generates elsewhere',
    ...of('nuxt', 'nuxt generate'),
    files: {
      'nuxt.config.ts': "export default defineNuxtConfig({ nitro: { output: { publicDir: 'www' } } })",
    },
    dist: 'www',
  },
  {
    name: 'SvelteKit has no adapter',
    ...kit,
    files: adapter('auto'),
    dist: '.svelte-kit/output',
    notes: [SERVER],
  },
  { name: 'SvelteKit is static', ...kit, files: adapter('static'), dist: 'build' },
  {
    name: 'SvelteKit is static elsewhere',
    ...kit,
    files: adapter('static', "{ pages: 'www', fallback: '404.html' }"),
    dist: 'www',
  },
  {
    name: 'SvelteKit is static, in the configuration of Vite',
    ...kit,
    files: {
      'vite.config.ts':
        "import adapter from '@sveltejs/adapter-static';\nexport default defineConfig({ plugins: [sveltekit({ adapter: adapter({ pages: 'www' }) })] });\n",
    },
    dist: 'www',
  },
  { name: 'SvelteKit serves with Node', ...kit, files: adapter('node'), dist: 'build', notes: [SERVER] },
  {
    name: 'Angular',
    ...ng,
    files: { 'angular.json': angular(build(APPLICATION)) },
    dist: 'dist/shop/browser',
  },
  {
    name: 'Angular elsewhere',
    ...ng,
    files: { 'angular.json': angular(build(APPLICATION, { outputPath: { base: 'www', browser: '' } })) },
    dist: 'www',
  },
  {
    name: 'Angular with comments',
    ...ng,
    files: { 'angular.json': `// ours\n${angular(build(APPLICATION, { outputPath: 'www' }))}` },
    dist: 'www/browser',
  },
  {
    name: 'an older Angular',
    ...ng,
    files: { 'angular.json': angular(build(BROWSER, { outputPath: 'dist/shop' })) },
    dist: 'dist/shop',
  },
  {
    name: 'Angular with several applications',
    ...ng,
    files: {
      'angular.json': angular(build(APPLICATION), {
        projects: { a: build(APPLICATION), b: build(APPLICATION) },
      }),
    },
    dist: null,
  },
  {
    name: 'one of several, named',
    ...of('@angular/cli', 'ng build b'),
    files: { 'angular.json': angular({}, { projects: { a: build(APPLICATION), b: build(APPLICATION) } }) },
    dist: 'dist/b/browser',
  },
  {
    name: 'Vite has a root',
    ...vite,
    files: { 'vite.config.js': "export default { root: 'src', build: { outDir: '../www' } }" },
    dist: 'www',
  },
  { name: 'Vite is told a root', ...of('vite', 'vite build app'), dist: 'app/dist' },
  {
    name: 'Vite makes a library',
    ...vite,
    files: { 'vite.config.js': "export default { build: { lib: { entry: 'a.js' } } }" },
    dist: 'dist',
    notes: [expect.stringContaining('library')],
  },
  {
    name: 'Vite leads out of the repository',
    ...vite,
    files: { 'vite.config.js': "export default { build: { outDir: '../../www' } }" },
    dist: null,
  },
  {
    name: 'Eleventy, in its older form',
    ...eleventy,
    files: { '.eleventy.js': "module.exports = (c) => { return { dir: { output: 'www' } } }" },
    dist: 'www',
  },
  {
    name: 'Eleventy, in its newer form',
    ...eleventy,
    files: { 'eleventy.config.js': "export default (c) => { c.setOutputDirectory('www') }" },
    dist: 'www',
  },
  { name: 'React Router serves', ...router, dist: 'build', notes: [SERVER] },
  {
    name: 'React Router does not',
    ...router,
    files: { 'react-router.config.ts': 'export default { ssr: false } satisfies Config' },
    dist: 'build/client',
  },
  {
    name: 'Remix does not',
    ...of('@remix-run/dev', 'remix vite:build'),
    files: {
      'vite.config.ts':
        "export default defineConfig({ plugins: [remix({ ssr: false, buildDirectory: 'www' })] })",
    },
    dist: 'www/client',
  },
  {
    name: 'TanStack Start makes a page',
    ...tanstack,
    files: { 'vite.config.ts': 'export default { plugins: [tanstackStart({ spa: { enabled: true } })] }' },
    dist: 'dist/client',
  },
  ...[
    ['nitro()', '.output/public', undefined],
    ["nitro({ preset: 'vercel' })", '.vercel/output', [SERVER]],
  ].map(([nitro, dist, notes]) => ({
    name: `TanStack Start makes pages with ${nitro}`,
    ...tanstack,
    files: {
      'vite.config.ts': `import { nitro } from 'nitro/vite';\nexport default { plugins: [tanstackStart({ spa: { enabled: true } }), ${nitro}] }`,
    },
    dist: dist as string,
    ...(notes === undefined ? {} : { notes: notes as string[] }),
  })),
  { name: 'TanStack Start serves', ...tanstack, dist: 'dist', notes: [SERVER] },
  { name: 'SolidStart serves', ...solid, dist: '.output', notes: [SERVER] },
  {
    name: 'SolidStart is static',
    ...solid,
    files: { 'app.config.ts': "export default defineConfig({ server: { preset: 'static' } })" },
    dist: '.output/public',
  },
  {
    name: 'VitePress in a directory',
    ...of('vitepress', 'vitepress build'),
    files: { 'docs/.vitepress/config.mts': 'export default {}' },
    dist: 'docs/.vitepress/dist',
  },
  {
    name: 'VuePress elsewhere',
    ...of('vuepress', 'vuepress build docs'),
    files: { 'docs/.vuepress/config.js': "module.exports = { dest: 'www' }" },
    dist: 'www',
  },
  {
    name: 'Create React App with BUILD_PATH',
    ...of('react-scripts', "BUILD_PATH='./www' react-scripts build"),
    dist: 'www',
  },
  {
    name: 'Create React App with BUILD_PATH in a file',
    ...of('react-scripts', 'react-scripts build'),
    files: { '.env': 'BUILD_PATH=www\n' },
    dist: 'www',
  },
  { name: 'Quasar as an app', ...of('@quasar/app-vite', 'quasar build -m pwa'), dist: 'dist/pwa' },
  { name: 'Honkit with an output', ...of('honkit', 'honkit build docs www'), dist: 'www' },
  {
    name: 'a program of the project',
    ...of('metalsmith', 'node build.js'),
    files: { 'build.js': "Metalsmith('.').destination('www')" },
    dist: 'www',
  },
  {
    name: 'a task runner',
    ...of('gulp', 'gulp'),
    files: {
      'gulpfile.js': "gulp.src('a').pipe(gulp.dest('www/css')); gulp.src('b').pipe(gulp.dest('www'));",
    },
    dist: 'www',
  },
  {
    name: 'a program that writes files',
    ...of('other', 'node build.js'),
    files: {
      'build.js': "mkdirSync('www/a', { recursive: true }); writeFileSync('./www/index.html', page);",
    },
    dist: 'www',
  },
  {
    name: 'a program that bundles',
    ...of('esbuild', 'tsx scripts/build.ts --prod'),
    files: { 'scripts/build.ts': "await esbuild.build({ entryPoints: ['a.ts'], outdir: 'www' });" },
    dist: 'www',
  },
  {
    name: 'a bundle beside a page of the project',
    ...of('rollup', 'rollup -c'),
    files: {
      'rollup.config.js': "export default { output: { file: 'public/build/bundle.js' } };",
      'public/index.html': '',
    },
    dist: 'public',
  },
  {
    name: 'commands that write',
    ...of('sass', 'mkdir -p www && cp index.html www/ && sass a:www/css'),
    dist: 'www',
  },
  { name: 'a tool that koalaci does not know', ...of('other', 'other --out www'), dist: 'www' },
  {
    name: 'one that says nothing, where git ignores the output',
    ...of('other', 'other'),
    files: { '.gitignore': 'node_modules\n/www/\n' },
    dist: 'www',
  },
  { name: 'one that says nothing', ...of('other', 'other'), dist: null },
  {
    name: 'a configuration is named by the command, and in several files',
    ...of('webpack', 'webpack --config conf/prod.js'),
    files: {
      'conf/prod.js':
        "const { merge } = require('webpack-merge');\nmodule.exports = merge(require('./webpack.common'), {});",
      'conf/webpack.common.js':
        "const paths = require('./paths');\nmodule.exports = { output: { path: paths.build } };",
      'conf/paths.js': "module.exports = { build: path.resolve(__dirname, '../www') };",
    },
    dist: 'www',
  },
  {
    name: 'Vite has a root, and a path that is not relative to it',
    ...vite,
    files: {
      'vite.config.js': "export default { root: 'src', build: { outDir: path.resolve(__dirname, 'www') } }",
    },
    dist: 'www',
  },
  {
    name: 'another host was told',
    ...of('other', './build.sh'),
    files: { 'netlify.toml': '[build]\npublish = "/www/"\n', '.gitignore': 'dist\n' },
    dist: 'www',
  },
  {
    name: 'several could be it',
    ...of('other', './build.sh'),
    files: { '.gitignore': 'dist\nbuild\n' },
    dist: null,
  },
  {
    name: 'a program moves it',
    ...of('rollup', 'rollup -d .tmp/site && node move.js'),
    files: { 'move.js': "fs.renameSync(path.join('.tmp', 'site'), 'www');" },
    dist: 'www',
  },
  {
    name: 'a script builds in another directory',
    ...of('other', 'cd site && yarn && yarn build --out-dir www'),
    files: { 'site/package.json': manifest([], { scripts: { build: 'docusaurus build' } }) },
    dist: 'site/www',
    notes: ['scripts.build builds site'],
  },
  {
    name: 'Hugo elsewhere',
    uses: [],
    scripts: {},
    files: { 'config/_default/hugo.toml': 'title = "x"\npublishDir = "www"\n[params]\npublishDir = "y"\n' },
    command: 'hugo --gc --minify',
    dist: 'www',
  },
];

describe('the dist directory and the command, where', () => {
  it.each(cases)('$name', async ({
    uses,
    scripts,
    files = {},
    dist,
    command = 'npm run build',
    notes = [],
  }) => {
    const project = uses.length > 0 ? { 'package.json': manifest(uses, { scripts }) } : {};
    const found = await detect({ ...project, ...files });
    expect({
      dist: found.dist_directory.value,
      command: found.build_command.value,
      notes: found.notes,
    }).toEqual({ dist, command, notes });
  });
});
