import { describe, expect, it } from 'vitest';
import { namesSourceError } from '../../../src/runner/source-errors.js';

/** What tools print about an error in a file of the project. */
const SOURCE_ERRORS: [tool: string, output: string][] = [
  ['tsc', "src/a.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.\n"],
  ['tsc, about a source about caches', "src/cache/index.ts(3,5): error TS2304: Cannot find name 'x'.\n"],
  [
    'tsc, for a terminal',
    "\x1b[96msrc/a.ts\x1b[0m:\x1b[93m3\x1b[0m:\x1b[93m5\x1b[0m - \x1b[91merror\x1b[0m\x1b[90m TS2322: \x1b[0mType 'string'",
  ],
  [
    'tsc, about a type of a dependency',
    `src/a.ts(3,5): error TS2345: Argument of type 'import("/workspace/node_modules/x/index").X' is not`,
  ],
  ['tsc, about its configuration', "error TS5083: Cannot read file '/workspace/tsconfig.base.json'.\n"],
  ['vue-tsc', "src/App.vue(12,7): error TS2339: Property 'nope' does not exist on type '{}'.\n"],
  [
    'ts-loader',
    "ERROR in /workspace/src/a.ts\n./src/a.ts 3:5-6\n[tsl] ERROR in /workspace/src/a.ts(3,5)\n      TS2322: Type 'string'",
  ],
  ['fork-ts-checker', "ERROR in ./src/a.ts:3:5\nTS2322: Type 'string' is not assignable to type 'number'.\n"],
  [
    'angular',
    "✘ [ERROR] NG8001: 'app-x' is not a known element: [plugin angular-compiler]\n\n    src/app/app.html:3:4:\n      3 │ <app-x/>\n",
  ],
  ['angular, older', "Error: src/app/app.component.ts:3:5 - error TS2304: Cannot find name 'x'.\n"],
  [
    'astro check',
    "src/pages/index.astro:3:4 - error ts(2322): Type 'string' is not assignable to type 'number'.\n",
  ],
  [
    'esbuild',
    '✘ [ERROR] Expected ";" but found "is"\n\n    src/main.js:3:4:\n      3 │ this is wrong\n        ╵      ~~\n\n1 error\n',
  ],
  [
    'esbuild in vite',
    'error during build:\n[vite:esbuild] Transform failed with 1 error:\n/workspace/src/x.ts:3:4: ERROR: Expected ";" but found "is"\n',
  ],
  [
    'vite',
    'error during build:\nsrc/main.js (1:9): "x" is not exported by "src/b.js", imported by "src/main.js".\nfile: /workspace/src/main.js:1:9\n',
  ],
  [
    'vite, a missing import',
    '[vite]: Rollup failed to resolve import "x" from "/workspace/src/main.js".\nThis is most likely unintended because it can break',
  ],
  [
    'vite, rolldown',
    "Build failed with 1 error:\n\n[UNRESOLVED_IMPORT] Error: Could not resolve './x' in src/main.js\n   ╭─[ src/main.js:1:8 ]\n",
  ],
  ['vite, html', 'Failed to resolve ./src/nope.js from /workspace/index.html\n'],
  ['rollup', "[!] RollupError: src/main.js (3:4): Expected ';', '}' or <eof>\n"],
  ['rollup, the entry', '[!] RollupError: Could not resolve entry module "src/main.js".\n'],
  [
    'vue',
    '[vite:vue] [plugin vite:vue] src/App.vue (3:4): Element is missing end tag.\nfile: /workspace/src/App.vue:3:4\n',
  ],
  [
    'svelte',
    '[vite-plugin-svelte:compile] src/App.svelte:3:4 `</div>` attempted to close an element that was not open\n',
  ],
  [
    'svelte-check',
    "/workspace/src/App.svelte:3:4\nError: Type 'string' is not assignable to type 'number'. (ts)\n",
  ],
  ['babel', 'SyntaxError: /workspace/src/x.js: Unexpected token (3:4)\n\n  1 | \n> 3 | this is wrong\n'],
  [
    'babel in webpack',
    'ERROR in ./src/x.js\nModule build failed (from ./node_modules/babel-loader/lib/index.js):\nSyntaxError: /workspace/src/x.js: Missing semicolon. (3:4)\n',
  ],
  ['swc', "  x Expected ';', '}' or <eof>\n   ,-[/workspace/app/page.js:3:1]\n 1 | \n"],
  [
    'webpack',
    'ERROR in ./src/x.js 3:5\nModule parse failed: Unexpected token (3:5)\nYou may need an appropriate loader\n',
  ],
  [
    'webpack, a missing import',
    "ERROR in ./src/index.js 1:0-24\nModule not found: Error: Can't resolve './nope' in '/workspace/src'\n",
  ],
  [
    'sass in webpack',
    'Module build failed (from ./node_modules/sass-loader/dist/cjs.js):\nSassError: expected "{".\n  ╷\n3 │ .a\n  ╵\n  src/style.scss 3:3  root stylesheet\n',
  ],
  ['next, css', './app/globals.css\nSyntax error: /workspace/app/globals.css Unknown word (3:4)\n'],
  [
    'create-react-app',
    "Failed to compile.\n\nModule not found: Error: Can't resolve './nope' in '/workspace/src'\n",
  ],
  [
    'parcel, a syntax error',
    '🚨 Build failed.\n\n@parcel/transformer-js: Expression expected\n\n  /workspace/src/x.js:3:11\n    2 | \n  > 3 | const x = ;\n',
  ],
  [
    'next, types',
    "Failed to compile.\n\n./app/(shop)/[slug]/page.tsx:3:4\nType error: Type 'string' is not assignable to type 'number'.\n",
  ],
  ['next, webpack', "Failed to compile.\n\n./app/page.jsx\nModule not found: Can't resolve './nope'\n"],
  ['next, swc', './app/page.jsx\nError:   x Unexpected token\n    ╭─[/workspace/app/page.jsx:3:1]\n'],
  [
    'next, turbopack',
    'Error: Turbopack build failed with 1 errors:\n./app/page.jsx:3:4\nParsing ecmascript source code failed\n',
  ],
  [
    'next 16, turbopack',
    'Error: Turbopack build failed with 1 error:\n./app/(shop)/[slug]/page.tsx:1:42\nError: Expression expected\n> 1 | export default\n',
  ],
  [
    'next, eslint',
    "./app/page.jsx\n2:1  Warning: unused  no-unused-vars\n3:4  Error: 'x' is not defined.  no-undef\n",
  ],
  [
    'eslint',
    "\n/workspace/src/x.js\n  1:1  warning  Unexpected console statement  no-console\n  3:4  error    'x' is not defined            no-undef\n\n✖ 2 problems\n",
  ],
  ['biome', 'src/x.js:3:4 lint/correctness/noUnusedVariables ━━━━━━━━━━\n'],
  ['prettier', '[error] src/x.js: SyntaxError: Unexpected token (3:4)\n'],
  ['postcss', '[vite:css] [postcss] /workspace/src/style.css:3:4: Unknown word\n'],
  ['sass', 'Error: expected "{".\n  ╷\n3 │ .a\n  │   ^\n  ╵\n  src/style.scss 3:3  root stylesheet\n'],
  [
    'sass in vite',
    '[sass] Undefined variable.\n  ╷\n3 │   color: $nope;\n  │          ^^^^^\n  ╵\n  src/style.scss 3:10  root stylesheet\n',
  ],
  [
    'astro',
    'Unexpected token\n  Location:\n    /workspace/src/pages/index.astro:3:4\n  Stack trace:\n    at x (/workspace/node_modules/y.js:1:1)\n',
  ],
  [
    'parcel',
    "🚨 Build failed.\n\n@parcel/core: Failed to resolve './x.js' from './src/index.html'\n\n  /workspace/src/index.html:3:4\n",
  ],
  ['bun build', '3 | const x = ;\n              ^\nerror: Unexpected ;\n    at /workspace/src/x.js:3:11\n'],
  [
    'metro',
    'error: Error: Unable to resolve module ./nope from /workspace/App.js: \n\nNone of these files exist',
  ],
  [
    'docusaurus',
    'Error: MDX compilation failed for file "/workspace/docs/intro.md"\nCause: Unexpected character\n',
  ],
  [
    'eleventy',
    '[11ty] 1. Having trouble rendering njk template ./src/a.njk\n[11ty] 2. (./src/a.njk)\n  [Line 3, Column 4]\n',
  ],
  [
    'node',
    "/workspace/build.js:3\nconst x = ;\n          ^\n\nSyntaxError: Unexpected token ';'\n    at wrapSafe (node:internal/modules/cjs/loader:1464:18)\n",
  ],
  [
    'node, a module',
    "file:///workspace/build.mjs:1\nimport { x } from './lib.mjs';\n         ^\nSyntaxError: The requested module './lib.mjs' does not provide an export named 'x'\n",
  ],
  [
    'node, a name',
    '/workspace/scripts/build.js:3\n  nope();\n  ^\n\nReferenceError: nope is not defined\n    at Object.<anonymous> (/workspace/scripts/build.js:3:3)\n',
  ],
  ['bash', "./scripts/build.sh: line 3: syntax error near unexpected token `fi'\n"],
  ['vitest', ' FAIL  src/x.test.ts > adds\nAssertionError: expected 3 to be 4\n'],
  ['vitepress', 'error during build:\n.vitepress/theme/Layout.vue (3:4): Element is missing end tag.\n'],
  [
    'tsc under turbo',
    "web:build: src/a.ts(3,5): error TS2322: Type 'string'\nweb:build: npm error code 2\n ERROR  run failed: command  exited (2)\n",
  ],
  ['next under turbo', "@acme/web:build: ./app/page.tsx:3:4\n@acme/web:build: Type error: Type 'string'\n"],
  ['next under pnpm', "apps/web build: ./app/page.tsx:3:4\napps/web build: Type error: Type 'string'\n"],
];

/** What tools print about what they or a build left, or without the name of any file. */
const OTHER_ERRORS: [tool: string, output: string][] = [
  [
    'a cache of the project’s own',
    '/workspace/my-cache/parsed.js:1\nmodule.exports = {\n\nSyntaxError: Unexpected end of input\n',
  ],
  ['one that is called cache', "cache/a.ts(3,5): error TS1005: ';' expected.\n"],
  ['nothing', ''],
  ['a parser', 'SyntaxError: Unexpected token (3:4)\n'],
  ['a command', 'Error: the cache is broken\n'],
  [
    'npm',
    'npm error Lifecycle script `build` failed with error:\nnpm error code 1\nnpm error path /workspace/apps/site\nnpm error workspace site@1.0.0\nnpm error location /workspace/apps/site\nnpm error command sh -c node build.js\n',
  ],
  [
    'a script that reads a cache',
    "undefined:1\n{broken\n ^\n\nSyntaxError: Expected property name or '}' in JSON at position 1\n    at JSON.parse (<anonymous>)\n    at Object.<anonymous> (/workspace/build.js:3:6)\n",
  ],
  [
    'a script that finds it broken',
    "/workspace/build.js:3\nthrow new Error('the cache is broken');\n^\n\nError: the cache is broken\n    at Object.<anonymous> (/workspace/build.js:3:7)\n",
  ],
  [
    'node, a dependency that is broken',
    '/workspace/node_modules/x/index.js:1\nmodule.exports = {\n\nSyntaxError: Unexpected end of input\n    at Object.<anonymous> (/workspace/build.js:1:1)\n',
  ],
  [
    'node, a dependency that is gone',
    "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module 'x'\nRequire stack:\n- /workspace/node_modules/y/index.js\n",
  ],
  [
    'babel-loader’s cache',
    "ERROR in ./src/x.js\nModule build failed (from ./node_modules/babel-loader/lib/index.js):\nError: ENOENT: no such file or directory, open '/workspace/node_modules/.cache/babel-loader/ab.json'\n",
  ],
  [
    'webpack’s cache',
    '<w> [webpack.cache.PackFileCacheStrategy] Restoring pack from /workspace/.next/cache/webpack/client-production/0.pack failed: Error: Unable to deserialize\n',
  ],
  [
    'webpack, a module of a dependency',
    "Module not found: Error: Can't resolve 'y' in '/workspace/node_modules/x/lib'\n",
  ],
  [
    'webpack, a loader on a dependency',
    'ERROR in ./node_modules/babel-loader/lib/index.js!./node_modules/x/index.js 1:2\nModule parse failed: Unexpected token\n',
  ],
  [
    'turbopack’s cache',
    'thread panicked at turbopack/crates/turbo-tasks-backend: Failed to restore task data (corrupted database or bug)\n',
  ],
  [
    'vite’s cache',
    'error during build:\n[vite:esbuild] Transform failed with 1 error:\n/workspace/node_modules/.vite/deps/x.js:3:4: ERROR: Unexpected end of file\n',
  ],
  [
    'esbuild, a dependency',
    '✘ [ERROR] Unexpected end of file\n\n    node_modules/x/index.js:3:4:\n      3 │ \n',
  ],
  [
    'rollup, a dependency',
    'error during build:\nnode_modules/x/index.js (3:4): Unexpected token\nfile: /workspace/node_modules/x/index.js:3:4\n',
  ],
  [
    'tsc, generated types',
    ".next/types/app/page.ts(3,5): error TS2344: Type 'X' does not satisfy the constraint\n",
  ],
  [
    'tsc, generated configuration',
    "tsconfig.json(2,14): error TS6053: File '/workspace/.nuxt/tsconfig.json' not found.\n",
  ],
  ['tsc, a dependency’s types', "node_modules/x/index.d.ts(3,5): error TS1005: ';' expected.\n"],
  ['svelte-kit, generated', "error TS5083: Cannot read file '/workspace/.svelte-kit/tsconfig.json'.\n"],
  [
    'parcel’s cache',
    'Error: MDB_CORRUPTED: Located page was wrong type\n    at Cache.get (/workspace/node_modules/@parcel/cache/lib/LMDBLiteCache.js:91:4)\n',
  ],
  ['vitepress’s cache', 'file: /workspace/docs/.vitepress/cache/deps/vue.js:3:4\n'],
  [
    'sass, a warning',
    'DEPRECATION WARNING [import]: Sass @import rules are deprecated.\n\n  ╷\n1 │ @import "a";\n  ╵\n    src/style.scss 1:9  root stylesheet\n\nError: the cache is broken\n',
  ],
  [
    'eslint, warnings',
    '\n/workspace/src/x.js\n  1:1  warning  Unexpected console statement  no-console\n\n✖ 1 problem (0 errors, 1 warning)\n',
  ],
  [
    'esbuild, a warning',
    '▲ [WARNING] Duplicate key "a" in object literal\n\n    src/main.js:3:4:\n      3 │ a: 2\n\nError: the cache is broken\n',
  ],
  [
    'next, a page',
    'Error occurred prerendering page "/about". Read more: https://nextjs.org/docs/messages/prerender-error\nTypeError: x is not a function\n    at p (/workspace/.next/server/app/about/page.js:1:1)\n',
  ],
  ['a file of the machine', '/koala/node/22/lib/x.js:3\nnope\n^\n\nReferenceError: nope is not defined\n'],
];

describe('an error in a file of the project', () => {
  it.each(SOURCE_ERRORS)('is what %s names', (_, output) => {
    expect(namesSourceError(`> build\n\n${output}`)).toBe(true);
  });
});

describe('no error in a file of the project', () => {
  it.each(OTHER_ERRORS)('is what %s names', (_, output) => {
    expect(namesSourceError(`> build\n\n${output}`)).toBe(false);
  });
});
