import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  keepPublicKey,
  keptPublicKeys,
  keysDirectory,
  newSigningKey,
  privateKeyOf,
  publicKeyOf,
  publicKeysIn,
} from '../../../src/settings/signing-key.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'koala-keys-'));
});
afterEach(() => rm(home, { recursive: true }));

const newKey = () => publicKeyOf(privateKeyOf(newSigningKey()));
const pemOf = ({ key }: { key: ReturnType<typeof newKey>['key'] }) =>
  String(key.export({ format: 'pem', type: 'spki' }));

describe('public keys', () => {
  it('stay beside each other, each under its id, so that an older one still verifies', async () => {
    const [older, newer] = [newKey(), newKey()];
    for (const key of [older, newer, older]) keepPublicKey(home, key);
    expect((await readdir(keysDirectory(home))).sort()).toEqual(
      [`${older.id}.pem`, `${newer.id}.pem`].sort(),
    );
    expect(
      keptPublicKeys(home)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([older.id, newer.id].sort());
  });

  it('may be several in one file; what is no such key is passed over', async () => {
    const [one, two] = [newKey(), newKey()];
    const broken = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n';
    expect(publicKeysIn(`# ours\n${pemOf(one)}${broken}${pemOf(two)}`).map(({ id }) => id)).toEqual([
      one.id,
      two.id,
    ]);
    keepPublicKey(home, one);
    await writeFile(join(keysDirectory(home), 'notes.txt'), pemOf(two));
    expect(keptPublicKeys(home)).toHaveLength(1);
  });

  it('are none before there are any', () => {
    expect(keptPublicKeys(home)).toEqual([]);
  });
});
