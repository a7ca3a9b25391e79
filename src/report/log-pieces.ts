// Cuts a log into pieces of whole lines of one step, as a page shows them. Pure.
import type { Step } from '../job/status.js';
import { endsLine } from '../store/log-chunks.js';
import { cutLine, type LogPart } from '../store/log-reader.js';

/** Lines of one step, that follow each other. */
export interface LogPiece {
  step: Step | '';
  /** The number of its first line; 0 where it stands for missing ones. */
  first: number;
  lines: number;
  /** The colour sequences that hold where it begins. */
  sgr: string;
  data: Buffer;
}

/** A browser unpacks so many bytes at a time, as it comes to them. */
const PIECE_BYTES = 256 * 1024;
/** No more of a line is shown: a browser would take long to draw it. */
const MOST_LINE = 64 * 1024;
/** As many colour sequences are remembered. */
const MOST_COLOURS = 16;
const COLOUR = /\u001b\[([0-9;:]{0,64})m/g;

/** The parts of a log as pieces. It holds one piece, whatever the log has. */
export async function* piecesOfLog(parts: AsyncIterable<LogPart>): AsyncGenerator<LogPiece> {
  const cutter = new Cutter();
  for await (const part of parts) {
    if (part.kind === 'cut') {
      yield* cutter.flush();
      yield missing(part.lines, cutter.step);
    } else yield* cutter.add(part);
  }
  yield* cutter.flush();
}

function missing(lines: number, step: Step | ''): LogPiece {
  return { step, first: 0, lines: 1, sgr: '', data: Buffer.from(cutLine(lines)) };
}

class Cutter {
  step: Step | '' = '';
  #first = 1;
  #lines = 0;
  #bytes = 0;
  #data: Buffer[] = [];
  /** Bytes of the last line, which has no end yet; and how many of them were left out. */
  #line = 0;
  #omitted = 0;
  #sgr = '';

  *add({ step, line, data }: Extract<LogPart, { kind: 'lines' }>): Generator<LogPiece> {
    // A line without an end goes on under its own number.
    if (step !== this.step || line !== this.#first + this.#lines) yield* this.flush();
    if (step !== this.step) this.#sgr = '';
    this.step = step;
    if (this.#bytes === 0) this.#first = line;
    for (let at = 0; at < data.length; ) {
      const end = data.indexOf(10, at) + 1 || data.length;
      this.#addLine(data.subarray(at, end));
      at = end;
      if (this.#line === 0 && this.#bytes >= PIECE_BYTES) yield* this.flush();
    }
  }

  /** What there is, as a piece. */
  *flush(): Generator<LogPiece> {
    if (this.#bytes === 0) return;
    if (this.#line > 0) this.#endLine('\n');
    const data = Buffer.concat(this.#data);
    const { step } = this;
    yield { step, first: this.#first, lines: this.#lines, sgr: this.#sgr, data };
    this.#sgr = coloursAfter(this.#sgr, data);
    this.#first += this.#lines;
    this.#lines = 0;
    this.#bytes = 0;
    this.#data = [];
  }

  /** A line, or a part of one. */
  #addLine(piece: Buffer): void {
    const room = Math.max(0, MOST_LINE - this.#line);
    const isWhole = endsLine(piece);
    const isCut = piece.length > room;
    const kept = isCut ? piece.subarray(0, room) : piece;
    this.#omitted += piece.length - kept.length - (isWhole && isCut ? 1 : 0);
    this.#push(kept);
    this.#line += kept.length;
    if (isWhole) this.#endLine(isCut ? '\n' : '');
  }

  #endLine(end: string): void {
    if (this.#omitted > 0) this.#push(Buffer.from(` … ${this.#omitted.toLocaleString('en')} bytes more`));
    this.#push(Buffer.from(end));
    this.#lines += 1;
    this.#line = 0;
    this.#omitted = 0;
  }

  #push(data: Buffer): void {
    if (data.length === 0) return;
    this.#data.push(data);
    this.#bytes += data.length;
  }
}

/** The sequences that still count after some output: those since the last one that ends all colours. */
export function coloursAfter(before: string, data: Buffer): string {
  if (!data.includes(0x1b)) return before;
  let kept = [...before.matchAll(COLOUR)].map(([whole]) => whole);
  for (const [whole, codes] of data.toString('latin1').matchAll(COLOUR)) {
    if (/^[0;:]*$/.test(codes ?? '')) kept = [];
    else kept.push(whole);
    if (kept.length > 2 * MOST_COLOURS) kept = kept.slice(-MOST_COLOURS);
  }
  return kept.join('');
}
