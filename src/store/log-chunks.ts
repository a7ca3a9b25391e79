// Cuts a log into chunks, of whole lines where it can, and decides which chunks to keep when the log exceeds its limit. Pure.
import type { Step } from '../job/status.js';

export interface Chunk {
  /** Position in the stream: 1, 2, 3, … */
  seq: number;
  /** Milliseconds since 1970 of its first line. */
  time: number;
  step: Step | '';
  /**
   * Number of its first line, counted from 1. A gap between two chunks is where the log was cut. A chunk that goes on with the
   * unfinished line of the one before has the number of that line.
   */
  line: number;
  /** Whether koalaci itself says it; else it is the step's output. */
  own?: boolean;
  data: Buffer;
}

const NEWLINE = 0x0a;
/**
 * How many sequence numbers each attempt has. A stream accepts only rising ids: once an attempt has written, Redis refuses
 * what an earlier attempt still sends.
 */
export const ATTEMPT_SEQUENCES = 1e9;

/** The number of lines that end in a buffer. */
export function countLines(data: Buffer): number {
  let lines = 0;
  for (let at = data.indexOf(NEWLINE); at !== -1; at = data.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

/** Whether data ends with a line end. */
export function endsLine(data: Buffer): boolean {
  return data.at(-1) === NEWLINE;
}

/** Splits data after its last newline into whole lines and the beginning of the next one. */
export function splitAtLastLine(data: Buffer): [whole: Buffer, rest: Buffer] {
  const end = data.lastIndexOf(NEWLINE) + 1;
  return [data.subarray(0, end), data.subarray(end)];
}

/** Splits data before a letter in UTF-8 of which the end is missing. Bytes that are no UTF-8 count as letters. */
export function splitAtLastLetter(data: Buffer): [whole: Buffer, rest: Buffer] {
  for (let back = 1; back <= Math.min(3, data.length); back++) {
    const byte = data[data.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const end = data.length - (lettersBytes(byte) > back ? back : 0);
    return [data.subarray(0, end), data.subarray(end)];
  }
  return [data, data.subarray(data.length)];
}

/** Splits data into pieces of at most `most` bytes: after lines where there are any, else between letters. */
export function* piecesOf(data: Buffer, most: number): Generator<Buffer> {
  let rest = data;
  while (rest.length > most) {
    const piece = rest.subarray(0, most);
    const [lines] = splitAtLastLine(piece);
    const [letters] = splitAtLastLetter(piece);
    const whole = lines.length > 0 ? lines : letters.length > 0 ? letters : piece;
    yield whole;
    rest = rest.subarray(whole.length);
  }
  yield rest;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** How many bytes a letter has that begins with this byte. */
function lettersBytes(first: number): number {
  if (first >= 0xf0 && first < 0xf5) return 4;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xc2 && first < 0xe0 ? 2 : 1;
}

/**
 * Keeps the head and the tail of a log, each up to half of the limit: says which chunks to drop as newer ones arrive.
 */
export class HeadAndTail {
  readonly #half: number;
  #head = 0;
  #tail: { seq: number; bytes: number }[] = [];
  #tailBytes = 0;

  constructor(limit: number) {
    this.#half = limit / 2;
  }

  /** Counts a chunk. Returns the sequence numbers of the chunks to drop for it. */
  add(seq: number, bytes: number): number[] {
    if (this.#tail.length === 0 && this.#head + bytes <= this.#half) {
      this.#head += bytes;
      return [];
    }
    this.#tail.push({ seq, bytes });
    this.#tailBytes += bytes;
    let gone = 0;
    while (this.#tailBytes > this.#half && gone < this.#tail.length - 1)
      this.#tailBytes -= this.#tail[gone++]?.bytes ?? 0;
    return this.#tail.splice(0, gone).map((chunk) => chunk.seq);
  }
}
