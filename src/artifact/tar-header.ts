// Writes the headers of the artifact's archive. Pure.
//
// Long names stand in entries before, as GNU tar has them, which all tools read as bytes. Not in POSIX's extended records: some
// tools drop a record with a line end in it, or that is not UTF-8, and only that: a link then had its target, but not its place.
import { BLOCK, type TarEntry } from './tar-reader.js';

/** The largest number that eleven octal digits hold. */
const MOST_OCTAL = 8 ** 11 - 1;
/** Bytes of a name in a plain header. */
const NAME_BYTES = 100;

/**
 * The header of an entry, free of anything that depends on the machine or on the time of the build.
 * @param time in seconds since 1970
 */
export function headOf(entry: TarEntry, time: number): Buffer {
  const { type, target, size } = entry;
  const isDirectory = type === '5';
  const path = isDirectory ? `${entry.path}/` : entry.path;
  const mode = modeOf(entry);
  const place = placeOf(path);
  const plain = { type, mode, size, time };
  if (place && target.length <= NAME_BYTES) return block({ ...plain, ...place, target });
  return Buffer.concat([
    ...(target ? [longName('K', target)] : []),
    longName('L', path),
    // For a tool that does not read those: a link with a part of its name, in a directory higher up, leads nowhere.
    block({ ...plain, name: path.slice(0, NAME_BYTES), prefix: '', target: target && '.' }),
  ]);
}

/** No set-uid, set-gid or sticky bits, and every directory can be read and removed by the user who unpacks it. */
export function modeOf({ type, mode }: Pick<TarEntry, 'type' | 'mode'>): number {
  return (mode & 0o777) | (type === '5' ? 0o755 : 0o644);
}

/** Whether a name (latin1) has but the letters that are one byte in UTF-8, too. */
export function isAscii(name: string): boolean {
  return /^[\0-\x7f]*$/.test(name);
}

/** Whether a name is UTF-8. */
export function isUtf8(name: string): boolean {
  if (isAscii(name)) return true;
  const bytes = Buffer.from(name, 'latin1');
  return bytes.equals(Buffer.from(bytes.toString()));
}

interface Fields {
  type: string;
  mode: number;
  size: number;
  time: number;
  name: string;
  prefix: string;
  target: string;
}

/** A path of over 100 bytes may be cut in two after a directory. Undefined if it does not fit. */
function placeOf(path: string): Pick<Fields, 'name' | 'prefix'> | undefined {
  if (path.length <= NAME_BYTES) return { name: path, prefix: '' };
  const cut = path.indexOf('/', path.length - NAME_BYTES - 1);
  if (cut < 1 || cut > 155 || cut === path.length - 1) return undefined;
  return { name: path.slice(cut + 1), prefix: path.slice(0, cut) };
}

function block({ type, mode, size, time, name, prefix, target }: Fields): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(name, 0, 100, 'latin1');
  bytes.write(octal(mode, 7), 100, 'latin1');
  bytes.write(octal(0, 7), 108, 'latin1');
  bytes.write(octal(0, 7), 116, 'latin1');
  if (size <= MOST_OCTAL) bytes.write(octal(size, 11), 124, 'latin1');
  else bytes.writeBigUInt64BE(BigInt(size), bytes.writeUInt8(0x80, 124) + 3);
  // A commit may have any time.
  bytes.write(octal(Math.trunc(Math.min(Math.max(time || 0, 0), MOST_OCTAL)), 11), 136, 'latin1');
  bytes.write(`        ${type}`, 148, 'latin1');
  bytes.write(target, 157, 100, 'latin1');
  bytes.write('ustar\x0000', 257, 'latin1');
  bytes.write(prefix, 345, 155, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return bytes;
}

function octal(number: number, digits: number): string {
  return number.toString(8).padStart(digits, '0');
}

/** An entry that is the path (L) or the target (K) of the one after it. */
function longName(type: 'L' | 'K', name: string): Buffer {
  const size = name.length + 1;
  const bytes = Buffer.alloc(Math.ceil(size / BLOCK) * BLOCK);
  bytes.write(name, 'latin1');
  const head = block({ type, mode: 0o644, size, time: 0, name: '././@LongLink', prefix: '', target: '' });
  return Buffer.concat([head, bytes]);
}
