// The end of a step's output, for showing its last lines. Takes what a build prints as fast as it comes, and reads it only when asked.

import { countLines } from '../store/log-chunks.js';
import { BuildLines } from './build-lines.js';

/** Bytes that are kept, at least. */
const KEPT = 64 * 1024;
const NEWLINE = 0x0a;

export class Tail {
  readonly #colours: boolean;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #lines = 0;
  #isCut = false;

  constructor(colours: boolean) {
    this.#colours = colours;
  }

  add(data: Buffer): void {
    this.#chunks.push(data);
    this.#bytes += data.length;
    this.#lines += countLines(data);
    while (this.#bytes - (this.#chunks[0]?.length ?? 0) >= KEPT) {
      this.#bytes -= this.#chunks.shift()?.length ?? 0;
      this.#isCut = true;
    }
  }

  /** How many lines have ended. */
  get lines(): number {
    return this.#lines;
  }

  /** The last lines, at most so many; the unfinished one is one of them. */
  last(most: number): string[] {
    if (this.#bytes === 0 || most <= 0) return [];
    // Also where one chunk is very large.
    const end = Buffer.concat(this.#chunks).subarray(-KEPT);
    const isCut = this.#isCut || end.length < this.#bytes;
    const lines = new BuildLines({ colours: this.#colours });
    const ended = lines.push(isCut ? end.subarray(end.indexOf(NEWLINE) + 1) : end);
    return [...ended, ...lines.end()].slice(-most);
  }
}
