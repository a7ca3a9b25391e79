// npm run bench: bundles the bench, which is TypeScript, and runs it.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const outfile = new URL('./.bench.js', import.meta.url).pathname;
await build({
  entryPoints: [new URL('./bench.ts', import.meta.url).pathname],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
// Also when the bench ends the process itself.
process.once('exit', () => rmSync(outfile, { force: true }));
await import(outfile);
