import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig, writeConfig } from '../../../src/settings/config.js';
import { koalaHome } from '../../../src/settings/home.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'koala-home-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('is where KOALACI_HOME says, as an absolute path', () => {
  expect(koalaHome({ home: 'some/where', xdgDataHome: '/srv' })).toBe(resolve('some/where'));
});

it('is /opt/koalaci where that can be written, else in the XDG data directory', () => {
  const canWrite = canWriteTo(existsSync('/opt/koalaci') ? '/opt/koalaci' : '/opt');
  const elsewhere = (path: string) => (canWrite ? '/opt/koalaci' : path);
  expect(koalaHome({ home: undefined, xdgDataHome: '/srv' })).toBe(elsewhere('/srv/koalaci'));
  expect(koalaHome({ home: undefined, xdgDataHome: undefined })).toBe(
    elsewhere(join(homedir(), '.local/share/koalaci')),
  );
});

it('gives back what was stored in it, and lets nobody else read that', async () => {
  const home = join(directory, 'new');
  const config = { secret: 's3cret', token: 'a.b.c' };
  const file = await writeConfig(home, config);
  expect(readConfig(home)).toEqual(config);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('holds no configuration before there is one', () => {
  expect(readConfig(directory)).toBeUndefined();
});

it.each([
  ['{', 'it is not JSON'],
  ['{"secret":1}', 'secret does not fit'],
])('refuses the configuration %s, and says which file it is, and why', (text, why) => {
  const file = join(directory, 'config.json');
  writeFileSync(file, text);
  const refused = expect.objectContaining({
    kind: 'environment',
    message: `the configuration cannot be used: ${file}: ${why}`,
    remedy: expect.stringContaining('koalaci init --force'),
  });
  expect(() => readConfig(directory)).toThrow(refused);
});

function canWriteTo(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
