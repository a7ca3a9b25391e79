// The version of koalaci.
import { readFileSync } from 'node:fs';

/** From package.json, which lies beside the directory of the compiled code. */
export function koalaciVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
