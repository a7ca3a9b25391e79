// Decides which entries belong in the artifact's archive, and how each is written. Pure.
import { posix } from 'node:path';
import { Header, Pax, type ReadEntry } from 'tar';

/** The header of an entry, free of anything that depends on the machine or on the time of the build. */
export function headOf(entry: ReadEntry, path: string, time: number): Buffer {
  const isDirectory = entry.type === 'Directory';
  const target = entry.type === 'Link' ? normal(entry.linkpath ?? '') : entry.linkpath;
  const fields = {
    path: isDirectory ? `${path}/` : path,
    type: entry.type,
    size: entry.size,
    mtime: new Date(time * 1000),
    // No set-uid, set-gid or sticky bits, and every directory can be read and removed by the user who unpacks it.
    mode: ((entry.mode ?? 0o644) & 0o777) | (isDirectory ? 0o755 : 0o644),
    ...(target ? { linkpath: target } : {}),
  };
  const header = new Header(fields);
  // What a plain header cannot hold, such as a long name, goes into an extended header before it.
  const extended = header.encode()
    ? new Pax({ path: fields.path, size: fields.size, ...(target ? { linkpath: target } : {}) }).encode()
    : [];
  return Buffer.concat([Buffer.from(extended), header.block ?? Buffer.alloc(0)]);
}

/** Why an entry is left out of the artifact: empty when nobody needs to know, undefined when it belongs in. */
export function whyLeftOut(entry: ReadEntry, path: string, seen: Set<string>): string | undefined {
  if (path === '.git' || path.startsWith('.git/')) return '';
  // Different names that are not UTF-8 can become the same name when they are decoded.
  if (seen.has(path)) return 'another file has the same name, as far as it is UTF-8';
  if (entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'Directory') return undefined;
  if (entry.type === 'Link')
    return seen.has(normal(entry.linkpath ?? '')) ? undefined : 'a hard link to a file that is left out';
  if (entry.type !== 'SymbolicLink') return 'neither a file, a directory nor a link';
  const target = entry.linkpath ?? '';
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  const outside = posix.isAbsolute(target) || resolved === '..' || resolved.startsWith('../');
  return outside ? 'a link that leads out of the dist directory' : undefined;
}

/** An archive path in its shortest form. */
export function normal(path: string): string {
  return posix.normalize(path).replace(/\/$/, '');
}
