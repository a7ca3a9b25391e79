// Cuts a build's output into lines as a terminal would show them: safe, each with its last frame, in the colours of those before. Pure.
import { PLAIN, TerminalFilter } from './terminal-filter.js';

/** A longer line is shown as several: it could otherwise fill our memory. In letters. */
const LONGEST = 16_384;
/** Colours that were set and not ended again. In letters. */
const MOST_COLOURS = 256;
const COLOUR = /\u001b\[[0-9;:]*m/g;
const ENDS_COLOURS = /^\u001b\[0*m$/;
/** More marks than languages put on one letter would be drawn over the lines above and below. */
const MARKS = /(\p{M}{4})\p{M}+/gu;
/** It would stand on koalaci's own letter before it. */
const LEADING_MARK = /^((?:\u001b\[[0-9;:]*m)*)(?=[\p{M}\u200d])/u;
const ASCII = /^[\x00-\x7f]*$/;

export class BuildLines {
  readonly #filter: TerminalFilter;
  readonly #colours: boolean;
  #open = '';
  /** What colours the line that begins. */
  #before = '';

  constructor({ colours = true }: { colours?: boolean } = {}) {
    this.#colours = colours;
    this.#filter = new TerminalFilter({ colours });
  }

  /** The lines that end in these data. */
  push(data: Buffer): string[] {
    return this.#cut(this.#filter.text(data));
  }

  /** The last line, if it has no end; the output is over, and so are its colours. */
  end(): string[] {
    const lines = this.#cut(this.#filter.end().toString());
    if (visibleText(this.#open) !== '') lines.push(this.#finish(this.#open));
    this.#open = this.#before = '';
    return lines;
  }

  /** The line that has no end yet, as it stands. */
  get open(): string {
    return this.#open === '' ? '' : this.#shown(this.#open);
  }

  #cut(text: string): string[] {
    if (text === '') return [];
    const pieces = (this.#open + text).split('\n');
    this.#open = pieces.pop() ?? '';
    const lines = pieces.map((line) => this.#finish(line));
    while (this.#open.length > LONGEST) {
      lines.push(this.#finish(this.#open.slice(0, LONGEST)));
      this.#open = this.#open.slice(LONGEST);
    }
    return lines;
  }

  #finish(line: string): string {
    const shown = this.#shown(line);
    if (this.#colours) this.#before = coloursAfter(this.#before, line);
    return shown;
  }

  #shown(line: string): string {
    const frame = tamed(frameOf(line));
    if (!this.#colours) return frame;
    const coloured = this.#before + frame;
    return coloured.includes('\u001b[') ? coloured + PLAIN : coloured;
  }
}

/** What is to be seen of a line whose frames are drawn over each other. */
function frameOf(line: string): string {
  if (!line.includes('\r')) return line;
  const frames = line.replace(/\r+$/, '').split('\r');
  return frames.at(-1) ?? '';
}

function tamed(line: string): string {
  if (ASCII.test(line)) return line;
  return line.replace(MARKS, '$1').replace(LEADING_MARK, '$1\u25cc');
}

function coloursAfter(before: string, line: string): string {
  if (!line.includes('\u001b[')) return before;
  let open = before;
  for (const [colour] of line.matchAll(COLOUR)) open = ENDS_COLOURS.test(colour) ? '' : open + colour;
  return open.length > MOST_COLOURS ? '' : open;
}

function visibleText(text: string): string {
  return text.replace(COLOUR, '');
}
