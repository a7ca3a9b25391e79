import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installationId } from '../../../src/settings/installation.js';

const ROOT = join(import.meta.dirname, '../../..');
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'koala-installation-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('stays with a data directory, and leaves one file in it', () => {
  const home = join(directory, 'new', 'home');
  const id = installationId(home, undefined);
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  expect(installationId(home, undefined)).toBe(id);
  expect(readdirSync(home)).toEqual(['installation']);
});

it('is another one for another data directory, and for another Redis', () => {
  const [one, other] = ['one', 'other'].map((name) => join(directory, name)) as [string, string];
  const ids = [
    installationId(one, undefined),
    installationId(other, undefined),
    installationId(one, 'redis://example.com'),
    installationId(other, 'redis://example.com'),
    installationId(one, 'redis://example.com/1'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(installationId(one, 'redis://ann:pw@example.com:6379')).toBe(ids[2]);
});

it('is one for all processes that ask for it first at the same time', async () => {
  const program = join(directory, 'ask.mjs');
  const module = JSON.stringify(join(ROOT, 'src/settings/installation.ts'));
  // Many directories, so that the two processes do meet.
  const wait = `while (!existsSync(process.argv[3]));`;
  const ask = `for (let n = 0; n < 300; n++) console.log(installationId(process.argv[2] + n));`;
  const contents = `import { existsSync } from 'node:fs'; import { installationId } from ${module};
    console.log('here'); ${wait} ${ask}`;
  await build({
    stdin: { contents, resolveDir: ROOT },
    ...{ bundle: true, platform: 'node', format: 'esm', outfile: program },
  });
  const go = join(directory, 'go');
  const asking = Array.from({ length: 2 }, () => execa('node', [program, join(directory, 'home'), go]));
  await Promise.all(asking.map(({ stdout }) => once(stdout, 'data')));
  writeFileSync(go, '');
  const said = await Promise.all(asking);
  expect(new Set(said.map(({ stdout }) => stdout)).size).toBe(1);
});

it('exists also where the data directory cannot be made', () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const id = installationId(join(file, 'home'), undefined);
  expect(installationId(join(file, 'home'), undefined)).toBe(id);
  expect(installationId(join(file, 'other'), undefined)).not.toBe(id);
});
