// npm run examples: bundles the TypeScript, and runs it.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const outfile = new URL('./.examples.js', import.meta.url).pathname;
await build({
  entryPoints: [new URL('./examples.ts', import.meta.url).pathname],
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
