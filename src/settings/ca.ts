// The operator's extra certificate authorities, for builds behind a TLS proxy.
import { readFile } from 'node:fs/promises';
import { KoalaError } from '../job/errors.js';
import type { Settings } from './settings.js';

/**
 * The PEM of `KOALACI_EXTRA_CA_CERTS`, or else of the host's `NODE_EXTRA_CA_CERTS`; undefined when neither is set.
 * @throws KoalaError `environment` when the file that is named cannot be read
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
    throw new KoalaError('environment', `the CA bundle that ${name} names cannot be read: ${path}`, {
      remedy: `Correct ${name}, or unset it.`,
      cause,
    });
  }
  throw new KoalaError('environment', `the CA bundle that ${name} names holds no certificate: ${path}`, {
    remedy: `Let ${name} name a file of certificates in PEM form, or unset it.`,
  });
}
