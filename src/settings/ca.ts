// Reads the operator's extra certificate authorities, for builds behind a TLS proxy.
import { readFile } from 'node:fs/promises';
import { KoalaError } from '../job/errors.js';
import type { Settings } from './settings.js';

/**
 * The PEM in `KOALACI_EXTRA_CA_CERTS`, or else in the host's `NODE_EXTRA_CA_CERTS`; undefined if neither is set.
 * @throws KoalaError `environment` when the file cannot be read or holds no certificate
 */
export async function readExtraCa({
  extraCaCerts,
  nodeExtraCaCerts,
}: Pick<Settings, 'extraCaCerts' | 'nodeExtraCaCerts'>): Promise<string | undefined> {
  const name = extraCaCerts ? 'KOALACI_EXTRA_CA_CERTS' : 'NODE_EXTRA_CA_CERTS';
  const path = extraCaCerts || nodeExtraCaCerts;
  if (!path) return undefined;
  try {
    const pem = await readFile(path, 'utf8');
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  } catch (cause) {
    throw new KoalaError('environment', `the CA bundle in ${name} cannot be read: ${path}`, {
      remedy: `Correct ${name}, or unset it.`,
      cause,
    });
  }
  throw new KoalaError('environment', `the CA bundle in ${name} contains no certificate: ${path}`, {
    remedy: `Set ${name} to a file of certificates in PEM format, or unset it.`,
  });
}
