// Examples of bundlers and compilers without a framework around them.
import { type Example, manifest, SCRIPT } from './example.js';

const IGNORE = 'node_modules\ndist\nwww\nloader\n.stencil\nbuild\n';
const HTML =
  '<!doctype html>\n<html lang="en"><body><h1>Example</h1><script src="index.js"></script></body></html>\n';
const SOURCES = {
  '.gitignore': IGNORE,
  'index.html': HTML,
  'src/index.js': "import { words } from './words.js';\nconsole.log(words);\n",
  'src/words.js': "export const words = 'eucalyptus';\n",
};
const edit = { path: 'src/index.js', add: SCRIPT };
const dist = 'dist';
const lock = 'none';

export const bundlers: readonly Example[] = [
  {
    ...{ name: 'webpack', manager: 'npm', command: 'npm run build', dist, edit },
    files: {
      ...SOURCES,
      'package.json': manifest({ build: 'webpack' }, ['webpack@5', 'webpack-cli@5']),
      'webpack.config.js':
        "export default { mode: 'production', entry: './src/index.js', cache: { type: 'filesystem' } };\n",
    },
  },
  {
    // Its hashes need an OpenSSL that newer versions of Node no longer have.
    ...{ name: 'webpack4', manager: 'yarn', command: 'yarn build', dist, edit },
    lock: 'yarn install --ignore-engines --ignore-scripts --non-interactive',
    files: {
      ...SOURCES,
      'package.json': manifest({ build: 'webpack --mode production' }, ['webpack@4', 'webpack-cli@3'], {
        ...{ type: undefined, engines: { node: '>=14 <18' } },
      }),
      '.yarnrc': 'ignore-engines true\n',
    },
  },
  {
    ...{ name: 'rollup', manager: 'pnpm', command: 'pnpm build', dist, edit, lock },
    files: {
      ...SOURCES,
      'package.json': manifest({ build: 'rollup src/index.js --dir dist' }, ['rollup']),
    },
  },
  {
    ...{ name: 'esbuild', manager: 'bun', command: 'bun run build', dist, edit },
    files: {
      ...SOURCES,
      'package.json': manifest({ build: 'esbuild src/index.js --bundle --outdir=dist' }, ['esbuild']),
    },
  },
  {
    ...{ name: 'bun-build', manager: 'bun', command: 'bun run build', dist, edit, lock },
    files: {
      ...SOURCES,
      'package.json': manifest({ build: 'bun build src/index.js --outdir dist' }, ['ms']),
    },
  },
  {
    ...{ name: 'swc', manager: 'yarn', command: 'yarn build', dist, edit, lock },
    files: {
      ...SOURCES,
      'package.json': manifest({ build: 'swc src -d dist' }, ['@swc/cli', '@swc/core']),
    },
  },
  {
    ...{ name: 'babel', manager: 'npm', command: 'npm run build', dist, edit, lock },
    files: {
      ...SOURCES,
      'package.json': manifest(
        { build: 'babel src -d dist' },
        ['@babel/cli', '@babel/core', '@babel/preset-env'],
        {
          babel: { presets: ['@babel/preset-env'] },
        },
      ),
    },
  },
  {
    ...{ name: 'browserify', manager: 'npm', command: 'npm run build', dist, edit, lock },
    files: {
      ...SOURCES,
      'src/index.js': "console.log(require('./words.js'));\n",
      'src/words.js': "module.exports = 'eucalyptus';\n",
      'package.json': manifest(
        { build: 'mkdir -p dist && browserify src/index.js -o dist/index.js' },
        ['browserify'],
        {
          type: undefined,
        },
      ),
    },
  },
  {
    ...{ name: 'tsup', manager: 'pnpm', command: 'pnpm build', dist, lock },
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'tsup src/index.ts --dts' }, ['tsup', 'typescript@5']),
      'tsconfig.json':
        '{ "compilerOptions": { "module": "esnext", "moduleResolution": "bundler", "types": [] } }\n',
      'src/index.ts': "export const words: string = 'eucalyptus';\n",
    },
    edit: { path: 'src/index.ts', add: 'export const more: string = "bark";\n' },
  },
  {
    ...{ name: 'lit', manager: 'yarn', command: 'yarn vite build', dist, lock },
    files: {
      '.gitignore': IGNORE,
      '.yarnrc.yml': 'nodeLinker: node-modules\n',
      'index.html':
        '<!doctype html>\n<html lang="en"><body><my-word></my-word><script type="module" src="/src/word.js"></script></body></html>\n',
      'src/word.js':
        "import { html, LitElement } from 'lit';\ncustomElements.define('my-word', class extends LitElement { render() { return html`eucalyptus`; } });\n",
      'package.json': manifest({}, ['lit', 'vite']),
    },
    edit: { path: 'src/word.js', add: SCRIPT },
  },
  {
    ...{ name: 'stencil', manager: 'npm', command: 'npm run build', dist: 'www', lock },
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'stencil build --ci' }, ['@stencil/core@4'], { type: undefined }),
      'stencil.config.ts':
        "export const config = { namespace: 'words', outputTargets: [{ type: 'www', serviceWorker: null }] };\n",
      'tsconfig.json':
        '{ "compilerOptions": { "experimentalDecorators": true, "jsx": "react", "jsxFactory": "h", "lib": ["dom", "es2017"], "moduleResolution": "node", "module": "esnext", "target": "es2017" }, "include": ["src"] }\n',
      'src/index.html':
        '<!doctype html>\n<html lang="en"><body><my-word></my-word><script type="module" src="/build/words.esm.js"></script></body></html>\n',
      'src/components/my-word.tsx':
        "import { Component, h } from '@stencil/core';\n\n@Component({ tag: 'my-word' })\nexport class MyWord {\n  render() {\n    return <p>eucalyptus</p>;\n  }\n}\n",
    },
    edit: { path: 'src/components/my-word.tsx', add: '// bark\n' },
  },
];
