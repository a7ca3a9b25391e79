import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../support/koalaci.js';

/** `process.env`, `process['env']`, `{ env } = process`, and an import of it. */
const READS =
  /\bprocess\s*(\.|\?\.)\s*env\b|process\[|\benv\b[^;={}]*\}\s*=\s*process\b|\benv\b[^;}]*\}\s*from 'node:process'/;

it.each([
  'process.env.X',
  'const { env } = process;',
  'const { env, stderr } = process;',
  "process['env']",
  "import { env } from 'node:process';",
])('%s reads the environment', (code) => {
  expect(code).toMatch(READS);
});

it('is read at the edge alone: for the settings, and for the conventions of terminals', () => {
  const src = join(ROOT, 'src');
  const files = readdirSync(src, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'));
  const reading = files.filter((name) => READS.test(readFileSync(join(src, name), 'utf8')));
  // upload/s3/bucket.ts reads nothing: it tells the client's library to be quiet.
  expect(reading.sort()).toEqual([
    'commands/session.ts',
    'ui/paint.ts',
    'upload/s3/bucket.ts',
    'usage/pager.ts',
  ]);
});
