// Formats the parts of a log for printing: unchanged, with times, only one step, or as NDJSON. Pure.
import { printableJson } from '../job/printable.js';
import { rfc3339 } from '../job/public-json.js';
import { countLines, endsLine } from '../store/log-chunks.js';
import { cutLine, type LogPart } from '../store/log-reader.js';

export interface LogStyle {
  json?: boolean;
  timestamps?: boolean;
  step?: string;
}

type Lines = Extract<LogPart, { kind: 'lines' }>;

/** Formats parts one after the other, because a line may begin in one part and end in another. */
export class LogStyler {
  readonly #style: LogStyle;
  /** Whether what was printed ends with a line end. */
  #atLineStart = true;
  /** For NDJSON: the line that has no end yet, in pieces. */
  #line: { time: number; step: string; line: number; pieces: Buffer[] } | undefined;

  constructor(style: LogStyle) {
    this.#style = style;
  }

  /** The bytes to print for a part of a log; empty if it belongs to another step than the chosen one. */
  part(part: LogPart): Buffer {
    const { json, step } = this.#style;
    if (part.kind === 'cut') return json ? this.#jsonCut(part.lines) : this.#print(this.#cut(part.lines));
    if (step && part.step !== step) return Buffer.alloc(0);
    if (json) return this.#json(part);
    return this.#print(this.#style.timestamps ? this.#timed(part) : part.data);
  }

  /** What is left to print after the last part: as NDJSON, a line that has no end. */
  end(): Buffer {
    return this.#finish();
  }

  #print(data: Buffer): Buffer {
    if (data.length > 0) this.#atLineStart = endsLine(data);
    return data;
  }

  #cut(lines: number): Buffer {
    return Buffer.from(`${this.#atLineStart ? '' : '\n'}${cutLine(lines)}`);
  }

  /** Works on bytes: the output need not be UTF-8. */
  #timed({ time, data }: Lines): Buffer {
    const stamp = Buffer.from(`${rfc3339(time)} `);
    const stamped = linesOf(data).map((line, index) =>
      index === 0 && !this.#atLineStart ? line : Buffer.concat([stamp, line]),
    );
    return Buffer.concat(stamped);
  }

  #json({ time, step, line, data }: Lines): Buffer {
    const printed = linesOf(data).map((piece, index) => {
      this.#line ??= { time, step, line: line + index, pieces: [] };
      this.#line.pieces.push(piece);
      return countLines(piece) > 0 ? this.#finish() : Buffer.alloc(0);
    });
    return Buffer.concat(printed);
  }

  #jsonCut(lines: number): Buffer {
    return Buffer.concat([this.#finish(), Buffer.from(`${printableJson({ cut: lines })}\n`)]);
  }

  #finish(): Buffer {
    if (!this.#line) return Buffer.alloc(0);
    const { time, step, line, pieces } = this.#line;
    this.#line = undefined;
    const text = Buffer.concat(pieces).toString().replace(/\n$/, '');
    return Buffer.from(`${printableJson({ time: rfc3339(time), step, line, text })}\n`);
  }
}

/** The lines of some data, each with its end; the last one may have none. */
function linesOf(data: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < data.length; ) {
    const end = data.indexOf('\n', at) + 1 || data.length;
    lines.push(data.subarray(at, end));
    at = end;
  }
  return lines;
}
