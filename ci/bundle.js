// Compiles src/ into dist/: one bundle with a chunk for each command. Node then loads a few files instead of a few hundred,
// which halves the start-up time of the command line. And what a report has for browsers: a script and a style.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/cli.ts', 'src/post-build.ts', 'src/packer.ts', 'src/prove.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: false,
  legalComments: 'none',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  // What @cyclonedx/cyclonedx-library can do if these are there: validate, and write XML. koalaci does neither.
  external: ['ajv-formats-draft2019', 'libxmljs2', 'xmlbuilder2'],
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
