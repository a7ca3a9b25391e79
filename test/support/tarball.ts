// A package as a tarball, the same bytes each time.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface Tarball {
  bytes: Buffer;
  /** As package-lock.json and others have it. */
  integrity: string;
  /** As yarn.lock has it. */
  sha1: string;
}

/** Packs files below `package/`, as `npm pack` does. */
export function packTarball(files: Record<string, string>): Tarball {
  const blocks = Object.entries(files).flatMap(([path, text]) =>
    member(`package/${path}`, Buffer.from(text)),
  );
  const bytes = gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
  const hash = (algorithm: string) => createHash(algorithm).update(bytes);
  return {
    bytes,
    integrity: `sha512-${hash('sha512').digest('base64')}`,
    sha1: hash('sha1').digest('hex'),
  };
}

/** A file in the form of ustar. */
function member(path: string, content: Buffer): Buffer[] {
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'ascii');
  header.write(path, 0, 'utf8');
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(content.length, 124, 12);
  octal(0, 136, 12);
  header.write('        0', 148, 'ascii');
  header.write('ustar\x0000', 257, 'ascii');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii');
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
