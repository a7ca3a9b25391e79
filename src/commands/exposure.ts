// Which secrets a daemon may have where others than this machine reach it.
import { isIPv4 } from 'node:net';
import { SECRET_BYTES } from '../job/claims.js';
import { KoalaError } from '../job/errors.js';

/** Whether an address is reached from this machine only. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').replace(/^::ffff:/i, '');
  return address === 'localhost' || address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}

/**
 * Refuses secrets that can be guessed, from one token or one callback.
 * @param secrets by the names of their settings; those that are not set are undefined
 * @throws KoalaError `bad_input` that names the first one
 */
export function refuseShortSecrets(host: string, secrets: Record<string, string | undefined>): void {
  if (isLoopback(host)) return;
  for (const [name, secret] of Object.entries(secrets)) {
    if (secret === undefined || Buffer.byteLength(secret) >= SECRET_BYTES) continue;
    throw new KoalaError(
      'bad_input',
      `${name} has fewer than ${SECRET_BYTES} bytes, and others than this machine reach ${host}: it can be guessed`,
      {
        remedy: 'Make a longer one (openssl rand -base64 48), or listen on 127.0.0.1 only.',
      },
    );
  }
}
