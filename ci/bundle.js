// Compiles src/ into dist/: one bundle with a chunk for each command. Node then loads a few files instead of a few hundred,
// which halves the start-up time of the command line. The commands that are asked for most are one file besides. And what a report
// has for browsers: a script and a style.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { onlyQuick, quickStart } from './quick-start.js';

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: false,
  legalComments: 'none',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  plugins: [quickStart],
  // What @cyclonedx/cyclonedx-library can do if these are there: validate, and write XML. koalaci does neither.
  external: ['ajv-formats-draft2019', 'libxmljs2', 'xmlbuilder2'],
};

rmSync('dist', { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: ['src/cli.ts', 'src/post-build.ts', 'src/packer.ts', 'src/prove.ts'],
  outdir: 'dist',
  splitting: true,
  format: 'esm',
  // The bundle is ESM, but the CommonJS packages in it call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await build({
  entryPoints: ['src/report/page/main.js', 'src/report/page/page.css'],
  outdir: 'dist/report',
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  logLevel: 'warning',
});
await build({
  ...shared,
  entryPoints: ['src/quick.ts'],
  outfile: 'dist/quick.cjs',
  format: 'cjs',
  plugins: [quickStart, onlyQuick],
  define: { 'import.meta.url': '__url' },
  // Of letters of one byte it is read, and kept, at half the cost.
  charset: 'ascii',
  banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
});
// It runs once: what V8 has compiled by then is kept, for Node.js before 22.1.
spawnSync(process.execPath, ['ci/compile-quick.js'], { stdio: 'inherit' });
