// Writes the headers of the artifact's archive: POSIX's, which all tools read. Pure.
import { BLOCK, type TarEntry } from './tar-reader.js';

/** The largest number that eleven octal digits hold. */
const MOST_OCTAL = 8 ** 11 - 1;

/**
 * The header of an entry, free of anything that depends on the machine or on the time of the build.
 * @param time in seconds since 1970
 */
export function headOf(entry: TarEntry, time: number): Buffer {
  const { type, target, size } = entry;
  const isDirectory = type === '5';
  const path = isDirectory ? `${entry.path}/` : entry.path;
  // No set-uid, set-gid or sticky bits, and every directory can be read and removed by the user who unpacks it.
  const mode = (entry.mode & 0o777) | (isDirectory ? 0o755 : 0o644);
  const place = placeOf(path);
  const plain = { type, mode, size, time };
  if (place && target.length <= 100 && size <= MOST_OCTAL) return block({ ...plain, ...place, target });
  const records = recordsOf({
    // Other tools than GNU tar take names for UTF-8 that are none.
    ...(isUtf8(path + target) ? {} : { hdrcharset: 'BINARY' }),
    path,
    ...(target ? { linkpath: target } : {}),
    ...(size > MOST_OCTAL ? { size: String(size) } : {}),
  });
  return Buffer.concat([
    block({
      type: 'x',
      mode: 0o644,
      size: records.length,
      time,
      name: '././@PaxHeader',
      prefix: '',
      target: '',
    }),
    filled(records),
    // For a tool that does not read the records: a link with a part of its name, in a directory higher up, leads nowhere.
    block({ ...plain, name: path.slice(0, 100), prefix: '', target: target && '.' }),
  ]);
}

/** Whether a name is UTF-8. */
export function isUtf8(name: string): boolean {
  const bytes = Buffer.from(name, 'latin1');
  return bytes.equals(Buffer.from(bytes.toString()));
}

/** Bytes with zeros up to a whole number of blocks. */
export function filled(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
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
  if (path.length <= 100) return { name: path, prefix: '' };
  const cut = path.indexOf('/', path.length - 101);
  if (cut < 1 || cut > 155 || cut === path.length - 1) return undefined;
  return { name: path.slice(cut + 1), prefix: path.slice(0, cut) };
}

function block({ type, mode, size, time, name, prefix, target }: Fields): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(name, 0, 100, 'latin1');
  bytes.write(octal(mode, 7), 100, 'latin1');
  bytes.write(octal(0, 7), 108, 'latin1');
  bytes.write(octal(0, 7), 116, 'latin1');
  bytes.write(octal(Math.min(size, MOST_OCTAL), 11), 124, 'latin1');
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

/** Extended records: each begins with its own length, which counts the digits of that length too. */
function recordsOf(fields: Record<string, string>): Buffer {
  const records = Object.entries(fields).map(([name, value]) => {
    const rest = ` ${name}=${value}\n`;
    let length = rest.length + 1;
    while (String(length).length + rest.length > length) length++;
    return `${length}${rest}`;
  });
  return Buffer.from(records.join(''), 'latin1');
}
