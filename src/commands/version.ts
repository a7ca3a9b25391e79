// The version of koalaci, and where it is.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The directory with package.json and `ci/`, beside that of the compiled code. */
export function koalaciDirectory(): string {
  return fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
}

/** From package.json. */
export function koalaciVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
