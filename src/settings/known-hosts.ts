// The ssh host keys that this installation knows: a file in the data directory. The operator may edit it; builds add to it.
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Its path. It has the form of known_hosts(5), so that ssh-keygen and ssh-keyscan work on it. */
export function knownHostsFile(home: string): string {
  return join(home, 'known_hosts');
}

/** The lines of the file; none if there is no file yet. */
export function readKnownHosts(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/**
 * Remembers the host keys that a build has met for the first time. Returns a sentence about each.
 * @param met lines of known_hosts, as ssh has written them
 */
export function pinHostKeys(file: string, met: string): string[] {
  const known = new Set(readKnownHosts(file).map(hostAndKind));
  const fresh = met.split('\n').filter((line) => /^\S+ \S+ [A-Za-z0-9+/=]+$/.test(line));
  // Another build may have been first: what it has remembered counts.
  const lines = fresh.filter((line) => !known.has(hostAndKind(line)));
  if (lines.length === 0) return [];
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  return lines.map(describe);
}

function describe(line: string): string {
  const [host = '', kind = '', key = ''] = line.split(' ');
  const hash = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '');
  return `the ssh host key of ${host} is new here, and is the only one accepted from now on: ${kind} SHA256:${hash}`;
}

function hostAndKind(line: string): string {
  return line.split(' ', 2).join(' ');
}
