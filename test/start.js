// npm run bench, npm run examples: bundles a program of test/, which is TypeScript, and runs it.
//
// usage: node test/start.js FILE; FILE: relative to test/
import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

const entry = join(import.meta.dirname, process.argv[2]);
// Beside the program, which finds its files from there.
const outfile = join(dirname(entry), `.${basename(entry, '.ts')}.js`);
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
// Also when the program ends the process itself.
process.once('exit', () => rmSync(outfile, { force: true }));
process.argv.splice(1, 2, entry);
await import(outfile);
