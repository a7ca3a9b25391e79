import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { readCredentials } from '../../../src/settings/credentials.js';
import { pinHostKeys, readKnownHosts } from '../../../src/settings/known-hosts.js';

const directory = mkdtempSync(join(tmpdir(), 'koala-credentials-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
execaSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, 'key')]);
const key = readFileSync(join(directory, 'key'), 'utf8');

function file(content: unknown, mode = 0o600): string {
  const path = join(directory, `${Math.random()}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode });
  return path;
}

const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJX1RpNbMyNcFBvhpfcvyaNHFQWcVZ4rYkoVHA7qPLeH';

it('are none without a file', async () => {
  expect(await readCredentials(undefined)).toEqual({ credentials: [], knownHosts: [] });
});

it('are rows by host and path, with a token, a password or a key', async () => {
  const path = file([
    { host: 'GitHub.com', path: '/my-org/', token: 'tok' },
    { host: 'git.example.com:443', user: 'ann', password: 'p w' },
    { host: 'git.example.com:2222', ssh_key_file: 'key', known_hosts: [HOST_KEY], user: 'deploy' },
    { host: 'h', path: 'a/site.git', ssh_key: key.replaceAll('\n', '\r\n'), known_hosts: [`h ${HOST_KEY}`] },
  ]);
  const { credentials, knownHosts } = await readCredentials(path);
  const http = { form: 'http', scheme: 'https' };
  const ssh = { form: 'ssh', scheme: 'ssh', secret: key };
  expect(credentials).toEqual([
    { ...http, host: 'github.com', path: 'my-org', user: 'x-access-token', secret: 'tok' },
    { ...http, host: 'git.example.com', path: '', user: 'ann', secret: 'p w' },
    { ...ssh, host: 'git.example.com:2222', path: '', user: 'deploy' },
    { ...ssh, host: 'h', path: 'a/site', user: 'git' },
  ]);
  expect(knownHosts).toEqual([`[git.example.com]:2222 ${HOST_KEY}`, `h ${HOST_KEY}`]);
});

it.each([
  ['no JSON', '{ "token": "secret-token"', /the file: is not JSON$/],
  ['no list', { host: 'h', token: 't' }, /the file: must be a list/],
  ['a row without a host', [{ token: 't' }], /row 1: host: is missing/],
  ['a host with a scheme', [{ host: 'https://h', token: 't' }], /row 1 .*: host: must be a host/],
  ['a field that is none', [{ host: 'h', tokn: 't' }], /row 1 \(h\): tokn: is not a field/],
  [
    'a row without credentials',
    [{ host: 'a', token: 't' }, { host: 'h' }],
    /row 2 \(h\): needs one of token/,
  ],
  ['two of them', [{ host: 'h', token: 't', ssh_key: key }], /token and ssh_key: needs one/],
  ['a password without a user', [{ host: 'h', password: 'p' }], /row 1 \(h\): user: is missing/],
  ['what is no key', [{ host: 'h', ssh_key: 'x' }], /row 1 \(h\): ssh_key: must be a private key/],
  ['a file that is not there', [{ host: 'h', ssh_key_file: 'none' }], /row 1 \(h\): .*none cannot be read/],
  [
    'what is no host key',
    [{ host: 'h', token: 't', known_hosts: ['x'] }],
    /known_hosts.0: must be a public key/,
  ],
])('refuses %s, by row and field, and quotes no secret', async (_, content, message) => {
  const refused = await readCredentials(file(content)).catch((error: Error) => error);
  expect(refused).toMatchObject({ kind: 'environment', message: expect.stringMatching(message) });
  expect(String(refused)).not.toContain('secret-token');
});

it('refuses files that others may read', async () => {
  await expect(readCredentials(file([], 0o644))).rejects.toMatchObject({
    message: expect.stringContaining('may be read by others'),
    remedy: expect.stringContaining('chmod 600'),
  });
  const open = join(directory, 'open-key');
  writeFileSync(open, key, { mode: 0o640 });
  await expect(readCredentials(file([{ host: 'h', ssh_key_file: open }]))).rejects.toThrow(/row 1.*others/);
});

it('remembers a host key that is met first, once, and no second one of its kind', () => {
  const known = join(directory, 'home', 'known_hosts');
  const [said] = pinHostKeys(known, `[h]:2222 ${HOST_KEY}\nno line of a key\n`);
  expect(said).toMatch(/host key of \[h\]:2222 is new here.*SHA256:\S{43}$/);
  expect(pinHostKeys(known, `[h]:2222 ${HOST_KEY.slice(0, -4)}AAAA`)).toEqual([]);
  expect(readKnownHosts(known)).toEqual([`[h]:2222 ${HOST_KEY}`]);
});
