import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readExtraCa } from '../../../src/settings/ca.js';

const directory = mkdtempSync(join(tmpdir(), 'koala-ca-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const none = { extraCaCerts: undefined, nodeExtraCaCerts: undefined };

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function bundle(name: string): string {
  return file(name, `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`);
}

it('is none when no variable names one', async () => {
  expect(await readExtraCa(none)).toBeUndefined();
});

it("is KOALACI_EXTRA_CA_CERTS's before Node's own", async () => {
  const [ours, nodes] = [bundle('ours'), bundle('nodes')];
  expect(await readExtraCa({ extraCaCerts: ours, nodeExtraCaCerts: nodes })).toContain('ours');
  expect(await readExtraCa({ ...none, nodeExtraCaCerts: nodes })).toContain('nodes');
});

it.each([
  ['KOALACI_EXTRA_CA_CERTS', 'extraCaCerts'],
  ['NODE_EXTRA_CA_CERTS', 'nodeExtraCaCerts'],
])('names %s and the file when that cannot be used', async (name, key) => {
  const missing = join(directory, 'missing.pem');
  await expect(readExtraCa({ ...none, [key]: missing })).rejects.toMatchObject({
    kind: 'environment',
    message: `the CA bundle in ${name} cannot be read: ${missing}`,
    remedy: expect.stringContaining(name),
  });
  const empty = file('empty.pem', 'no certificate');
  await expect(readExtraCa({ ...none, [key]: empty })).rejects.toMatchObject({
    kind: 'environment',
    message: `the CA bundle in ${name} contains no certificate: ${empty}`,
    remedy: expect.stringContaining(name),
  });
});
