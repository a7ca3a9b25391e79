// Examples whose starter fetches its templates from elsewhere than the registry, or that have no starter: the few files that it
// would make.
import { type Example, manifest, PARAGRAPH, SCRIPT } from './example.js';

const IGNORE =
  'node_modules\ndist\n.cache\n.parcel-cache\n.nuxt\n.output\n.astro\n_site\npublic\n.vinxi\n.turbo\ncache\n';
const HTML =
  '<!doctype html>\n<html lang="en"><body><h1>Example</h1><script type="module" src="./index.js"></script></body></html>\n';
const ENTRY = {
  'src/index.html': HTML,
  'src/index.js': "import { words } from './words.js';\ndocument.title = words;\n",
};
const WORDS = "export const words = 'eucalyptus';\n";
const edit = { path: 'src/index.js', add: SCRIPT };

export const written: readonly Example[] = [
  {
    name: 'nuxt',
    manager: 'npm',
    command: 'npm run build',
    dist: '.output',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'nuxt build', postinstall: 'nuxt prepare' }, [
        'nuxt',
        'vue',
        'vue-router',
      ]),
      'nuxt.config.ts':
        "export default defineNuxtConfig({ compatibilityDate: '2025-07-15', telemetry: false });\n",
      'app/app.vue': '<template>\n  <h1>Example</h1>\n</template>\n',
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./.nuxt/tsconfig.app.json" }] }\n',
    },
    edit: { path: 'app/app.vue', add: '<style>h1 { color: #123456; }</style>\n' },
  },
  {
    name: 'astro',
    manager: 'pnpm',
    command: 'pnpm run build',
    dist: 'dist',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'astro build' }, ['astro']),
      'astro.config.mjs': "import { defineConfig } from 'astro/config';\nexport default defineConfig({});\n",
      'src/pages/index.astro': '<html lang="en"><body><h1>Example</h1></body></html>\n',
      'src/pages/page.md': '# A page\n',
    },
    edit: { path: 'src/pages/page.md', add: PARAGRAPH },
  },
  {
    name: 'gatsby',
    manager: 'npm',
    command: 'npm run build',
    dist: 'public',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'gatsby build' }, ['gatsby', 'react@18', 'react-dom@18'], {
        type: 'commonjs',
      }),
      'gatsby-config.js': "module.exports = { siteMetadata: { title: 'Example' } };\n",
      'src/pages/index.js': "import * as React from 'react';\nexport default () => <h1>Example</h1>;\n",
    },
    edit: { path: 'src/pages/index.js', add: 'export const Head = () => <title>One more</title>;\n' },
  },
  {
    name: 'eleventy',
    manager: 'npm',
    command: 'npm run build',
    dist: '_site',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'eleventy' }, ['@11ty/eleventy']),
      'index.md': '# Example\n',
    },
    edit: { path: 'index.md', add: PARAGRAPH },
  },
  {
    name: 'parcel',
    manager: 'yarn',
    command: 'yarn build',
    dist: 'dist',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'parcel build src/index.html' }, ['parcel', '@swc/helpers'], {
        type: undefined,
      }),
      ...ENTRY,
      'src/words.js': WORDS,
    },
    edit,
  },
  {
    name: 'rsbuild',
    manager: 'pnpm',
    command: 'pnpm run build',
    dist: 'dist',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'rsbuild build' }, ['@rsbuild/core']),
      'rsbuild.config.mjs': 'export default { performance: { buildCache: true } };\n',
      ...ENTRY,
      'src/words.js': WORDS,
    },
    edit,
  },
  {
    name: 'vitepress',
    manager: 'pnpm',
    command: 'pnpm run build',
    dist: 'docs/.vitepress/dist',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'vitepress build docs' }, ['vitepress', 'vue']),
      'docs/index.md': '# Example\n',
    },
    edit: { path: 'docs/index.md', add: PARAGRAPH },
  },
  {
    name: 'solidstart',
    manager: 'npm',
    command: 'npm run build',
    dist: '.output',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'vinxi build' }, ['@solidjs/start@1', 'solid-js', 'vinxi@0.5']),
      'app.config.ts':
        "import { defineConfig } from '@solidjs/start/config';\nexport default defineConfig({});\n",
      'src/app.tsx': 'export default function App() {\n  return <h1>Example</h1>;\n}\n',
      'src/entry-client.tsx':
        "// @refresh reload\nimport { mount, StartClient } from '@solidjs/start/client';\nmount(() => <StartClient />, document.getElementById('app')!);\n",
      'src/entry-server.tsx':
        'import { createHandler, StartServer } from \'@solidjs/start/server\';\nexport default createHandler(() => <StartServer document={({ assets, children, scripts }) => (\n  <html lang="en"><head>{assets}</head><body><div id="app">{children}</div>{scripts}</body></html>\n)} />);\n',
      'tsconfig.json':
        '{ "compilerOptions": { "jsx": "preserve", "jsxImportSource": "solid-js", "moduleResolution": "bundler", "module": "ESNext", "target": "ESNext" } }\n',
    },
    edit: { path: 'src/app.tsx', add: SCRIPT },
  },
  {
    name: 'expo',
    manager: 'npm',
    command: 'npx expo export --platform android --no-bytecode',
    dist: 'dist',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({}, ['expo@53.0.9', 'react@19.0.0', 'react-native@0.79.2'], {
        ...{ type: undefined, main: 'index.js' },
      }),
      'app.json': '{ "expo": { "name": "example", "slug": "example" } }\n',
      'index.js':
        "import { registerRootComponent } from 'expo';\nimport App from './App';\nregisterRootComponent(App);\n",
      'App.js':
        "import { Text } from 'react-native';\nexport default function App() {\n  return <Text>Example</Text>;\n}\n",
    },
    edit: { path: 'App.js', add: SCRIPT },
  },
  {
    name: 'react-router',
    manager: 'pnpm',
    lock: 'none',
    command: 'pnpm run build',
    dist: 'build/client',
    files: {
      '.gitignore': `${IGNORE}build\n.react-router\n`,
      'package.json': manifest({ build: 'react-router build' }, [
        ...['@react-router/dev', '@react-router/node', 'isbot', 'react', 'react-dom', 'react-router', 'vite'],
      ]),
      'vite.config.js':
        "import { reactRouter } from '@react-router/dev/vite';\nexport default { plugins: [reactRouter()] };\n",
      'react-router.config.js': 'export default { ssr: false };\n',
      'app/root.jsx':
        'import { Outlet, Scripts } from \'react-router\';\nexport default function Root() {\n  return <html lang="en"><body><Outlet /><Scripts /></body></html>;\n}\n',
      'app/routes.js':
        "import { index } from '@react-router/dev/routes';\nexport default [index('home.jsx')];\n",
      'app/home.jsx': 'export default function Home() {\n  return <h1>Example</h1>;\n}\n',
    },
    edit: { path: 'app/home.jsx', add: SCRIPT },
  },
  {
    name: 'vike',
    manager: 'bun',
    lock: 'none',
    command: 'bun run build',
    dist: 'dist/client',
    files: {
      '.gitignore': IGNORE,
      'package.json': manifest({ build: 'vike build' }, [
        ...['@vitejs/plugin-react', 'react', 'react-dom', 'vike', 'vike-react', 'vite'],
      ]),
      'vite.config.js':
        "import react from '@vitejs/plugin-react';\nimport vike from 'vike/plugin';\nexport default { plugins: [vike(), react()] };\n",
      'pages/+config.js':
        "import vikeReact from 'vike-react/config';\nexport default { extends: [vikeReact], prerender: true };\n",
      'pages/index/+Page.jsx': 'export default function Page() {\n  return <h1>Example</h1>;\n}\n',
    },
    edit: { path: 'pages/index/+Page.jsx', add: SCRIPT },
  },
];
