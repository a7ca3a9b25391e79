// Cuts a log into chunks of whole lines, and decides which chunks to keep when the log exceeds its limit. Pure.
import type { Step } from '../job/status.js';

export interface Chunk {
  /** Position in the stream: 1, 2, 3, … */
  seq: number;
  /** Milliseconds since 1970 of its first line. */
  time: number;
  step: Step | '';
  /** Number of its first line, counted from 1. A gap between two chunks is where the log was cut. */
  line: number;
  data: Buffer;
}

const NEWLINE = 0x0a;

/** The number of lines that end in a buffer. */
export function countLines(data: Buffer): number {
  let lines = 0;
  for (let at = data.indexOf(NEWLINE); at !== -1; at = data.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

/** Splits data after its last newline into whole lines and the beginning of the next one. */
export function splitAtLastLine(data: Buffer): [whole: Buffer, rest: Buffer] {
  const end = data.lastIndexOf(NEWLINE) + 1;
  return [data.subarray(0, end), data.subarray(end)];
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
