import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { normalizeSshKey, secretLinesOfKey, sshKeyProblem } from '../../../src/job/ssh-key.js';

const directory = mkdtempSync(join(tmpdir(), 'koala-key-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What ssh-keygen makes. */
function made(name: string, ...args: string[]): string {
  const file = join(directory, name);
  execaSync('ssh-keygen', ['-q', '-C', 'test', '-f', file, ...args]);
  return readFileSync(file, 'utf8');
}

const ed25519 = made('ed25519', '-t', 'ed25519', '-N', '');

describe('a key that ssh can use', () => {
  it.each([
    ['ed25519', ed25519],
    ['RSA', made('rsa', '-t', 'rsa', '-N', '')],
    ['ECDSA', made('ecdsa', '-t', 'ecdsa', '-N', '')],
    ['RSA in PEM', made('rsa-pem', '-t', 'rsa', '-m', 'PEM', '-N', '')],
    ['RSA in PKCS#8', made('rsa-pkcs8', '-t', 'rsa', '-m', 'PKCS8', '-N', '')],
  ])('is %s', (_, key) => expect(sshKeyProblem(key)).toBeUndefined());

  it('may come with the line ends of Windows, without the last one, and with blanks around it', () => {
    const pasted = `\n ${ed25519.trimEnd().replaceAll('\n', '\r\n')} \r\n`;
    expect(normalizeSshKey(pasted)).toBe(ed25519);
    expect(normalizeSshKey(ed25519.trimEnd())).toBe(ed25519);
  });
});

describe('what ssh could not use is named', () => {
  const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
  const text = generateKeyPairSync('ed25519').privateKey.export(pkcs8).toString();
  it.each([
    ['a passphrase', made('locked', '-t', 'ed25519', '-N', 'secret'), /passphrase/],
    ['a passphrase in PEM', made('locked-pem', '-t', 'rsa', '-m', 'PEM', '-N', 'secret'), /passphrase/],
    ['a passphrase in PKCS#8', made('locked-8', '-t', 'rsa', '-m', 'PKCS8', '-N', 'secret'), /passphrase/],
    ['a public key', readFileSync(join(directory, 'ed25519.pub'), 'utf8'), /public key/],
    ['a form that ssh does not read', text, /form of OpenSSH/],
    ['PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\n', /PuTTY/],
    [
      'half a key',
      `${ed25519.split('\n').slice(0, 3).join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
      /cut off/,
    ],
    ['an empty text', '', /private key/],
    ['a word', 'hunter2', /private key/],
    ['another PEM', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', /private key/],
  ])('%s', (_, key, problem) => expect(sshKeyProblem(normalizeSshKey(key))).toMatch(problem));
});

it('is secret in the lines that are its own', () => {
  const other = made('other', '-t', 'ed25519', '-N', '');
  const secret = secretLinesOfKey(ed25519);
  expect(secret.length).toBeGreaterThanOrEqual(3);
  for (const line of secret) {
    expect(ed25519).toContain(line);
    expect(other).not.toContain(line);
  }
});
