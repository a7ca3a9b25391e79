import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeConfig } from '../../../src/settings/config.js';
import { installationId } from '../../../src/settings/installation.js';
import { makeDirectory, prepareDirectory, prepareHome } from '../../../src/settings/make-directory.js';

const root = mkdtempSync(join(tmpdir(), 'koala-directory-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('is made with all that is above it, and may be there already', () => {
  const directory = join(root, 'a/b/c');
  makeDirectory(directory);
  prepareDirectory(directory);
  expect(statSync(directory).isDirectory()).toBe(true);
});

it.each([
  ['a file', 'file'],
  ['a path below a file', 'file/x'],
])('is refused when it is %s', (_, name) => {
  writeFileSync(join(root, 'file'), '');
  const refusal = {
    kind: 'bad_input',
    message: expect.stringContaining(`cannot be written to ${join(root, name)}`),
  };
  expect(() => prepareDirectory(join(root, name))).toThrow(expect.objectContaining(refusal));
});

it.each([
  ['where the kernel makes no directories', '/proc/koalaci/home', 'no directory can be made there'],
  ['that is a device', '/dev/null', '/dev/null is not a directory'],
  ['below a file', '/etc/passwd/home', '/etc/passwd is not a directory'],
])('a data directory %s is refused in words, by whatever needs it', async (_, home, why) => {
  const refusal = expect.objectContaining({
    kind: 'bad_input',
    message: expect.stringMatching(new RegExp(`^the data directory cannot be used: ${home}: .*${why}`)),
    remedy: expect.stringContaining('KOALACI_HOME'),
  });
  expect(() => prepareHome(home)).toThrow(refusal);
  await expect(writeConfig(home, { secret: 's', token: 't' })).rejects.toThrow(refusal);
  expect(installationId(home, undefined)).toMatch(/^[0-9a-f]{12}$/);
});
