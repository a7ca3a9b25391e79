// The style and the script of a report, as ci/bundle.js has made them, and what else a browser may load: nothing.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface PageFiles {
  style: string;
  script: string;
  /** A content security policy for a page with these two in it: what a build has printed can never run. */
  policy: string;
}

let files: PageFiles | undefined;

/**
 * Reads them, once.
 * @throws Error when they are missing, which is a broken installation
 */
export function pageFiles(): PageFiles {
  files ??= withPolicy(read('page.css'), read('main.js'));
  return files;
}

function withPolicy(style: string, script: string): PageFiles {
  const policy = [
    `default-src 'none'`,
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return { style, script, policy };
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function read(name: string): string {
  // Compiled, this file is in dist/.
  const places = ['./report', '../../dist/report'].map(
    (place) => new URL(`${place}/${name}`, import.meta.url),
  );
  const found = places.find((place) => existsSync(fileURLToPath(place))) ?? places[0] ?? '';
  return readFileSync(found, 'utf8');
}
