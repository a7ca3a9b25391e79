// Reads a tar as GNU tar writes it, piece by piece, without ever holding more than a header and a name.
//
// Of our own because names are bytes here: a library that decodes them as UTF-8 makes one name of two that are not UTF-8.

/** Bytes of a block of the tar format. */
export const BLOCK = 512;

export interface TarEntry {
  /** The type flag: `0` a file, `1` a hard link, `2` a symbolic link, `5` a directory; others are neither. */
  type: string;
  /** A character for each byte (latin1), as are all names here. */
  path: string;
  /** What a link leads to. */
  target: string;
  /** Bytes of content. */
  size: number;
  mode: number;
}

export interface TarSink {
  entry: (entry: TarEntry) => void;
  /** A piece of the content of the entry before. */
  data: (piece: Buffer) => void;
}

/** What comes next: a header, a long name of the entry after it, content, or the zeros that fill its last block. */
type Part = 'header' | 'name' | 'content' | 'filling' | 'nothing';

export class TarReader {
  readonly #sink: TarSink;
  /** Longer names are cut: who sees one knows that it is too long. */
  readonly #mostName: number;
  readonly #block = Buffer.alloc(BLOCK);
  #filled = 0;
  #part: Part = 'header';
  /** Bytes that the part still has, and that fill its last block. */
  #left = 0;
  #filling = 0;
  #name: { is: 'path' | 'target'; bytes: Buffer[]; length: number } | undefined;
  #long: { path?: string; target?: string } = {};

  constructor(sink: TarSink, mostName: number) {
    this.#sink = sink;
    this.#mostName = mostName;
  }

  /** Whether the end mark has been read. */
  get isComplete(): boolean {
    return this.#part === 'nothing';
  }

  /** @throws Error when it is no such tar */
  write(data: Buffer): void {
    for (let at = 0; at < data.length && this.#part !== 'nothing'; )
      at += this.#part === 'header' ? this.#header(data, at) : this.#rest(data, at);
  }

  /** Returns how many bytes it took. */
  #header(data: Buffer, at: number): number {
    const taken = data.copy(this.#block, this.#filled, at, at + BLOCK - this.#filled);
    this.#filled += taken;
    if (this.#filled < BLOCK) return taken;
    this.#filled = 0;
    this.#begin(this.#block);
    return taken;
  }

  #begin(block: Buffer): void {
    const sum = block.reduce((total, byte) => total + byte, 0);
    if (sum === 0) {
      this.#part = 'nothing';
      return;
    }
    // The sum counts its own eight bytes as spaces.
    const own = block.subarray(148, 156).reduce((total, byte) => total + byte, 0);
    if (sum - own + 8 * 0x20 !== numberAt(block, 148, 8)) throw new Error('a header of the tar is damaged');
    const [type, size] = [textAt(block, 156, 1) || '0', numberAt(block, 124, 12)];
    if (type === 'L' || type === 'K') {
      if (size > 0) this.#name = { is: type === 'L' ? 'path' : 'target', bytes: [], length: 0 };
      this.#expect('name', size);
      return;
    }
    if (type < '0' || type > '7') throw new Error(`the tar has an entry of the type ${JSON.stringify(type)}`);
    const { path = textAt(block, 0, 100), target = textAt(block, 157, 100) } = this.#long;
    this.#long = {};
    // Links and directories have no content, whatever their size says.
    const content = type === '1' || type === '2' || type === '5' ? 0 : size;
    this.#sink.entry({ type, path, target, size: content, mode: numberAt(block, 100, 8) });
    this.#expect('content', content);
  }

  #expect(part: Part, size: number): void {
    this.#part = size > 0 ? part : 'header';
    this.#left = size;
    this.#filling = (BLOCK - (size % BLOCK)) % BLOCK;
  }

  #rest(data: Buffer, at: number): number {
    const piece = data.subarray(at, at + this.#left);
    this.#left -= piece.length;
    if (this.#part === 'content') this.#sink.data(piece);
    if (this.#part === 'name') this.#addName(piece);
    if (this.#left === 0) this.#endPart();
    return piece.length;
  }

  #addName(piece: Buffer): void {
    const name = this.#name;
    if (!name || name.length > this.#mostName) return;
    // A copy: the piece would hold all the data that it came with.
    name.bytes.push(Buffer.from(piece.subarray(0, this.#mostName + 1 - name.length)));
    name.length += piece.length;
  }

  #endPart(): void {
    if (this.#name) {
      const { is, bytes } = this.#name;
      this.#long[is] = untilNul(Buffer.concat(bytes));
      this.#name = undefined;
    }
    this.#part = this.#part !== 'filling' && this.#filling > 0 ? 'filling' : 'header';
    this.#left = this.#filling;
  }
}

function textAt(block: Buffer, at: number, length: number): string {
  return untilNul(block.subarray(at, at + length));
}

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
}

/** Octal digits, or for what they cannot hold, the number itself after a byte 0x80. */
function numberAt(block: Buffer, at: number, length: number): number {
  const digits = textAt(block, at, length).trim();
  const number =
    block[at] === 0x80 ? Number(block.readBigUInt64BE(at + length - 8)) : Number(`0o${digits || '0'}`);
  if (!Number.isSafeInteger(number)) throw new Error('a header of the tar has no proper number');
  return number;
}
