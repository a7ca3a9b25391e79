// The lines of a log, one by one, and which of them somebody wants to see. Pure.
import { lastFrames } from '../job/last-frame.js';
import type { Step } from '../job/status.js';
import type { Cut, LogPart } from './log-reader.js';

const NEWLINE = 0x0a;
/** A longer line is taken for several: it would fill our memory. In bytes. */
const LONGEST = 256 * 1024;
/** So many more lines than are wanted may wait, before those that are not go. */
const SPLICED = 1_000;

export interface LogLine {
  kind: 'line';
  seq: number;
  time: number;
  step: Step | '';
  /** Its number in the log, from 1. */
  line: number;
  /** Whether koalaci itself says it. */
  own: boolean;
  /** With its end, if it has one. */
  data: Buffer;
}

/** A line, or a place where some are left out. */
export type LogEntry = LogLine | Cut;

/** Puts lines together that were stored in pieces. */
export class LineAssembler {
  #open: Omit<LogLine, 'data'> | undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** The lines that end in a part, and what is missing before it. */
  *push(part: LogPart): Generator<LogEntry> {
    if (part.kind === 'cut') {
      yield* this.end();
      yield part;
      return;
    }
    const { seq, time, step, own = false, data } = part;
    if (this.#open?.step !== step || this.#open.own !== own) yield* this.end();
    let line = part.line;
    for (let at = 0; at < data.length; ) {
      const end = data.indexOf(NEWLINE, at) + 1;
      this.#open ??= { kind: 'line', seq, time, step, line, own };
      this.#pieces.push(data.subarray(at, end || data.length));
      this.#bytes += (end || data.length) - at;
      if (end || this.#bytes > LONGEST) yield this.#close(this.#open);
      at = end || data.length;
      if (end) line++;
    }
  }

  /** The last line, if it has no end. */
  *end(): Generator<LogLine> {
    if (this.#open) yield this.#close(this.#open);
  }

  #close(open: Omit<LogLine, 'data'>): LogLine {
    const line = { ...open, data: lastFrames(Buffer.concat(this.#pieces)) };
    this.#open = undefined;
    this.#pieces = [];
    this.#bytes = 0;
    return line;
  }
}

/** Which lines of a log somebody wants to see. */
export interface LogFilter {
  step?: string;
  /** Only lines since then, in milliseconds since 1970. */
  since?: number;
  /** Only lines that have this text, letter by letter: an expression could take for ever. */
  grep?: string;
  /** Of those, only the last ones. */
  tail?: number;
}

/** Whether a filter lets everything through. */
export function isEmptyFilter({ step, since, grep, tail }: LogFilter): boolean {
  return step === undefined && since === undefined && grep === undefined && tail === undefined;
}

/** Makes the test of a filter. */
export function matcher({ step, since, grep }: LogFilter): (line: LogLine) => boolean {
  const text = grep === undefined ? undefined : Buffer.from(grep);
  return (line) =>
    (step === undefined || line.step === step) &&
    (since === undefined || line.time >= since) &&
    (text === undefined || line.data.includes(text));
}

/** Lets through which lines of a log somebody wants to see, in the order in which they come. */
export class LineFilter {
  readonly #assembler = new LineAssembler();
  readonly #passes: (line: LogLine) => boolean;
  readonly #tail: number | undefined;
  /** What is left out at a place is no line of a step, nor one with a text. */
  readonly #hasCuts: boolean;
  #last: LogEntry[] = [];

  constructor(filter: LogFilter) {
    this.#passes = matcher(filter);
    this.#tail = filter.tail;
    this.#hasCuts = filter.step === undefined && filter.grep === undefined;
  }

  /** The lines that end in a part. Where only the last ones are wanted, they wait for the end. */
  push(part: LogPart): LogEntry[] {
    return this.#take(this.#assembler.push(part));
  }

  /** What is left when the log has ended. */
  end(): LogEntry[] {
    const rest = this.#take(this.#assembler.end());
    return this.#tail === undefined ? rest : this.#last.slice(-this.#tail);
  }

  #take(entries: Iterable<LogEntry>): LogEntry[] {
    const wanted: LogEntry[] = [];
    for (const one of entries) if (one.kind === 'cut' ? this.#hasCuts : this.#passes(one)) wanted.push(one);
    if (this.#tail === undefined) return wanted;
    this.#last.push(...wanted);
    if (this.#last.length > SPLICED + 2 * this.#tail) this.#last = this.#last.slice(-this.#tail);
    return [];
  }
}

/** The lines of a log that pass a filter, some at a time. */
export async function* filteredLines(
  parts: AsyncIterable<LogPart>,
  filter: LogFilter,
): AsyncGenerator<LogEntry[]> {
  const lines = new LineFilter(filter);
  for await (const part of parts) yield lines.push(part);
  yield lines.end();
}
