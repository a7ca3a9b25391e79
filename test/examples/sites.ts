// Examples of generators of static sites, and of tools that make sites out of documents.
import { type Example, manifest, PARAGRAPH, SCRIPT } from './example.js';

const IGNORE =
  'node_modules\ndist\n.cache\n.temp\nsite\npublic\n_book\ndocs/.vuepress/dist\n.honkit\n.umi*\n';
const HTML = '<!doctype html>\n<html lang="en"><body><h1>Example</h1></body></html>\n';

interface Site {
  name: string;
  manager: Example['manager'];
  /** The script that builds it. */
  build: string;
  uses: string[];
  files: Record<string, string>;
  dist: string;
  edit: Example['edit'];
  more?: Record<string, unknown>;
  lock?: string;
  env?: Record<string, string>;
}

const runs = { npm: 'npm run', pnpm: 'pnpm run', yarn: 'yarn run', bun: 'bun run', none: '' };

function site({ name, manager, build, uses, files, dist, edit, more = {}, lock, env }: Site): Example {
  return {
    ...{ name, manager, dist, edit, command: `${runs[manager]} build` },
    ...(lock ? { lock } : {}),
    ...(env ? { env } : {}),
    files: { '.gitignore': IGNORE, 'package.json': manifest({ build }, uses, more), ...files },
  };
}

const commonjs = { type: undefined };

export const sites: readonly Example[] = [
  site({
    name: 'vuepress',
    manager: 'yarn',
    lock: 'yarn install --ignore-engines --ignore-scripts --non-interactive',
    build: 'vuepress build docs',
    uses: ['vuepress@1'],
    // Its webpack needs an OpenSSL that newer versions of Node no longer have.
    more: { ...commonjs, engines: { node: '16' } },
    files: {
      '.yarnrc': 'ignore-engines true\n',
      'docs/.vuepress/config.js': "module.exports = { title: 'Example' };\n",
      'docs/README.md': '# Example\n',
    },
    dist: 'docs/.vuepress/dist',
    edit: { path: 'docs/README.md', add: PARAGRAPH },
  }),
  site({
    name: 'hexo',
    manager: 'npm',
    lock: 'none',
    build: 'hexo generate',
    uses: ['hexo', 'hexo-generator-index', 'hexo-renderer-ejs', 'hexo-renderer-marked'],
    more: { ...commonjs, hexo: { version: '' } },
    files: {
      '_config.yml': 'title: Example\nurl: http://example.com\ntheme: plain\nfuture: true\n',
      'themes/plain/layout/index.ejs': '<% page.posts.each(function (post) { %><%- post.content %><% }) %>\n',
      'source/_posts/first.md':
        '---\ntitle: First\ndate: 2020-01-01 00:00:00\nupdated: 2020-01-01 00:00:00\n---\nA post.\n',
    },
    dist: 'public',
    edit: { path: 'source/_posts/first.md', add: PARAGRAPH },
  }),
  site({
    name: 'metalsmith',
    manager: 'yarn',
    lock: 'none',
    build: 'node build.js',
    uses: ['metalsmith', '@metalsmith/markdown'],
    files: {
      'build.js':
        "import Metalsmith from 'metalsmith';\nimport markdown from '@metalsmith/markdown';\nMetalsmith(import.meta.dirname).source('src').destination('dist').use(markdown()).build((error) => { if (error) throw error; });\n",
      'src/index.md': '# Example\n',
    },
    dist: 'dist',
    edit: { path: 'src/index.md', add: PARAGRAPH },
  }),
  site({
    name: 'honkit',
    manager: 'npm',
    build: 'honkit build . dist',
    uses: ['honkit'],
    more: commonjs,
    files: { 'README.md': '# Example\n', 'SUMMARY.md': '# Summary\n\n- [Example](README.md)\n' },
    dist: 'dist',
    edit: { path: 'README.md', add: PARAGRAPH },
  }),
  site({
    name: 'slidev',
    manager: 'pnpm',
    lock: 'none',
    build: 'slidev build',
    uses: ['@slidev/cli', '@slidev/theme-default', 'vue'],
    files: { 'slides.md': '---\ntheme: default\nfonts:\n  provider: none\n---\n\n# Example\n' },
    dist: 'dist',
    edit: { path: 'slides.md', add: '\n---\n\n# One more\n' },
  }),
  site({
    name: 'marp',
    manager: 'bun',
    lock: 'none',
    build: 'marp slides.md --output dist/index.html --no-stdin',
    uses: ['@marp-team/marp-cli'],
    files: { 'slides.md': '---\nmarp: true\n---\n\n# Example\n' },
    dist: 'dist',
    edit: { path: 'slides.md', add: '\n---\n\n# One more\n' },
  }),
  site({
    name: 'typedoc',
    manager: 'npm',
    lock: 'none',
    build: 'typedoc --out dist --disableGit --sourceLinkTemplate x --gitRevision x src/index.ts',
    uses: ['typedoc', 'typescript@5.8'],
    files: {
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [] }, "include": ["src"] }\n',
      'src/index.ts': '/** A word. */\nexport const word = "eucalyptus";\n',
    },
    dist: 'dist',
    edit: { path: 'src/index.ts', add: '/** One more. */\nexport const more = "bark";\n' },
  }),
  site({
    name: 'jsdoc',
    manager: 'yarn',
    build: 'jsdoc -d dist src',
    uses: ['jsdoc'],
    more: commonjs,
    files: { 'src/index.js': '/** A word. */\nexports.word = "eucalyptus";\n' },
    dist: 'dist',
    edit: { path: 'src/index.js', add: '/** One more. */\nexports.more = "bark";\n' },
  }),
  site({
    name: 'redocly',
    manager: 'npm',
    lock: 'none',
    build: 'redocly build-docs api.yaml --output dist/index.html',
    uses: ['@redocly/cli'],
    env: { REDOCLY_TELEMETRY: 'off' },
    files: {
      'api.yaml':
        'openapi: 3.0.0\ninfo:\n  title: Example\n  version: "1"\npaths:\n  /:\n    get:\n      responses:\n        "200":\n          description: Yes\n',
    },
    dist: 'dist',
    edit: { path: 'api.yaml', add: '        "404":\n          description: No\n' },
  }),
  site({
    name: 'pug',
    manager: 'bun',
    build: 'pug src --out dist',
    uses: ['pug-cli@1.0.0-alpha6'],
    more: commonjs,
    files: { 'src/index.pug': 'doctype html\nhtml\n  body\n    h1 Example\n' },
    dist: 'dist',
    edit: { path: 'src/index.pug', add: '    p One more\n' },
  }),
  site({
    name: 'tailwind',
    manager: 'pnpm',
    lock: 'none',
    build: 'mkdir -p dist && cp index.html dist/ && tailwindcss -i style.css -o dist/style.css --minify',
    uses: ['tailwindcss', '@tailwindcss/cli'],
    files: { 'style.css': '@import "tailwindcss";\n', 'index.html': HTML },
    dist: 'dist',
    edit: { path: 'index.html', add: '<p class="m-4 p-8 text-lg">One more</p>\n' },
  }),
  site({
    name: 'sass',
    manager: 'yarn',
    lock: 'none',
    build: 'sass --no-source-map style:dist && cp index.html dist/',
    uses: ['sass'],
    files: { 'style/main.scss': '$c: #123456;\nh1 { color: $c; }\n', 'index.html': HTML },
    dist: 'dist',
    edit: { path: 'style/main.scss', add: 'p { color: $c; }\n' },
  }),
  site({
    name: 'postcss',
    manager: 'npm',
    build: 'postcss src/*.css --dir dist --no-map',
    uses: ['postcss', 'postcss-cli', 'autoprefixer', 'cssnano'],
    files: {
      'postcss.config.js':
        "import autoprefixer from 'autoprefixer';\nimport cssnano from 'cssnano';\nexport default { plugins: [autoprefixer, cssnano] };\n",
      'src/style.css': 'h1 { user-select: none; }\n',
    },
    dist: 'dist',
    edit: { path: 'src/style.css', add: 'p { display: flex; }\n' },
  }),
  site({
    name: 'gulp',
    manager: 'npm',
    lock: 'none',
    build: 'gulp',
    uses: ['gulp', 'gulp-rename'],
    files: {
      'gulpfile.js':
        "import gulp from 'gulp';\nimport rename from 'gulp-rename';\nexport default () => gulp.src('src/**').pipe(rename({ suffix: '.min' })).pipe(gulp.dest('dist'));\n",
      'src/index.js': "console.log('example');\n",
    },
    dist: 'dist',
    edit: { path: 'src/index.js', add: SCRIPT },
  }),
  {
    name: 'plain',
    manager: 'none',
    command: '',
    dist: 'site',
    files: { '.gitignore': 'node_modules\n', 'site/index.html': HTML },
    edit: { path: 'site/index.html', add: '<p>One more</p>\n' },
  },
];
