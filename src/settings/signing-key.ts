// The key with which this installation signs what it says of artifacts: ed25519. One key for all its machines, as JWT_SECRET is.
// Public keys stay in the data directory, so that what an older key has signed can still be verified.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KoalaError } from '../job/errors.js';
import { makeDirectory } from './make-directory.js';
import type { Parse } from './parsers.js';

export interface PublicKey {
  /** SHA-256 of the key in DER (SubjectPublicKeyInfo), in hex. */
  id: string;
  key: KeyObject;
}

/** A new private key as settings and configuration have it: PKCS#8 in DER, in base64, a line of 64 letters. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

/** The key in that form. The error does not repeat the text. */
export const parseSigningKey: Parse<string> = (name, text) => {
  if (privateKeyIn(text)) return text;
  throw new KoalaError('bad_input', `${name}: must be an ed25519 key as PKCS#8 in DER, in base64`, {
    remedy: 'Make one with: openssl genpkey -algorithm ed25519 -outform DER | base64 -w0',
  });
};

/** @throws Error when parseSigningKey() would */
export function privateKeyOf(text: string): KeyObject {
  const key = privateKeyIn(text);
  if (!key) throw new Error('the signing key cannot be used');
  return key;
}

/** The public key that belongs to a private or public one. */
export function publicKeyOf(key: KeyObject): PublicKey {
  const own = key.type === 'private' ? createPublicKey(key) : key;
  const der = own.export({ format: 'der', type: 'spki' });
  return { id: createHash('sha256').update(der).digest('hex'), key: own };
}

/** The directory of the public keys. */
export function keysDirectory(home: string): string {
  return join(home, 'keys');
}

/** Keeps a public key in the data directory, for who verifies later. Returns its file. */
export function keepPublicKey(home: string, { id, key }: PublicKey): string {
  const file = join(keysDirectory(home), `${id}.pem`);
  if (existsSync(file)) return file;
  makeDirectory(keysDirectory(home));
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, key.export({ format: 'pem', type: 'spki' }));
  renameSync(partial, file);
  return file;
}

/** The public keys that the data directory keeps. */
export function keptPublicKeys(home: string): PublicKey[] {
  const directory = keysDirectory(home);
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory).filter((name) => name.endsWith('.pem'));
  return files.flatMap((name) => publicKeysIn(readFileSync(join(directory, name), 'utf8')));
}

/** The ed25519 keys in a PEM file, which may have several; those of private keys, too. */
export function publicKeysIn(pem: string): PublicKey[] {
  const blocks = pem.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      const key = createPublicKey(block);
      return key.asymmetricKeyType === 'ed25519' ? [publicKeyOf(key)] : [];
    } catch {
      return [];
    }
  });
}

function privateKeyIn(text: string): KeyObject | undefined {
  try {
    const key = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
