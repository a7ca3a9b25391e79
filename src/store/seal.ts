// Encrypts what Redis must not hold in clear: payloads have secrets. AES-256-GCM; the key is derived from JWT_SECRET.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { KoalaError } from '../job/errors.js';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals a JSON value. What is sealed for one `use` cannot be opened for another. */
export function seal(value: unknown, secret: string, use: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(secret, use), iv);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/**
 * Opens what seal() made.
 * @throws KoalaError `environment` when it was sealed with another secret, or changed since
 */
export function unseal(text: string, secret: string, use: string): unknown {
  const bytes = Buffer.from(text, 'base64');
  try {
    const decipher = createDecipheriv(CIPHER, keyOf(secret, use), bytes.subarray(0, IV_BYTES));
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(opened.toString());
  } catch (cause) {
    throw new KoalaError('environment', 'the job was sealed with another secret', {
      remedy: 'Give every serve and worker the same JWT_SECRET.',
      cause,
    });
  }
}

const keys = new Map<string, Buffer>();

function keyOf(secret: string, use: string): Buffer {
  const name = `${use}\0${secret}`;
  const known = keys.get(name);
  if (known) return known;
  const key = Buffer.from(hkdfSync('sha256', secret, '', `koalaci ${use}`, 32));
  keys.set(name, key);
  return key;
}
