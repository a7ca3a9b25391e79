// Formats the lines of a log for printing: under the headings of their steps, as NDJSON, or as the bytes that were printed. Pure.
import { printableJson, visible } from '../job/printable.js';
import { rfc3339 } from '../job/public-json.js';
import { showDuration } from '../job/quantity.js';
import type { StepTimes } from '../job/record.js';
import type { LogEntry, LogLine } from '../store/log-lines.js';
import { type Cut, cutLine } from '../store/log-reader.js';
import { BuildLines } from './build-lines.js';
import { type Paint, paintWith } from './paint.js';

export interface LogStyle {
  json?: boolean;
  raw?: boolean;
  timestamps?: boolean;
  /** Whether the build's own colours pass, and koalaci has some. */
  colours?: boolean;
  /** The steps as they are known, for the headings. */
  steps?: () => readonly StepTimes[];
}

/** Before each line of the build, so that it cannot be taken for one of koalaci's. */
const INDENT = '  ';

/** Formats lines one after the other: each step has a heading before its first one. */
export class LogPrinter {
  readonly #style: LogStyle;
  readonly #paint: Paint;
  readonly #lines: BuildLines;
  #step = '';
  #lastOwn = '';

  constructor(style: LogStyle) {
    this.#style = style;
    this.#paint = paintWith(style.colours ?? false);
    this.#lines = new BuildLines({ colours: style.colours ?? false });
  }

  /** What koalaci itself said last. */
  get lastOwn(): string {
    return this.#lastOwn;
  }

  /** The bytes to print for some lines. */
  print(entries: readonly LogEntry[]): Buffer {
    if (this.#style.raw) return Buffer.concat(entries.map((entry) => this.#raw(entry)));
    const print = this.#style.json ? jsonOf : (entry: LogEntry) => this.#shown(entry);
    return Buffer.from(entries.map(print).join(''));
  }

  #raw(entry: LogEntry): Buffer {
    if (entry.kind === 'cut') return Buffer.from(cutOf(entry));
    return this.#style.timestamps ? Buffer.concat([Buffer.from(stampOf(entry)), entry.data]) : entry.data;
  }

  #shown(entry: LogEntry): string {
    if (entry.kind === 'cut') return this.#paint.yellow(cutLine(entry.lines).trimEnd()).concat('\n');
    const heading = this.#headingBefore(entry);
    const stamp = this.#style.timestamps ? this.#paint.dim(stampOf(entry)) : '';
    if (entry.own) return `${heading}${this.#own(entry, stamp)}`;
    const lines = [...this.#lines.push(entry.data), ...(isOpen(entry) ? this.#lines.end() : [])];
    return heading + lines.map((line) => `${INDENT}${stamp}${line}\n`).join('');
  }

  #own({ data }: LogLine, stamp: string): string {
    this.#lastOwn = visible(data.toString().replace(/\n$/, ''));
    return `${stamp}${this.#paint.yellow(this.#lastOwn)}\n`;
  }

  /** `▸ install  5.1 s` before the first line of a step. */
  #headingBefore({ step, time }: LogLine): string {
    if (step === this.#step || step === '') return '';
    this.#step = step;
    // The line may be stored a moment before what is known of its step.
    const times = this.#style.steps?.().findLast((one) => one.step === step && one.startedAt <= time + 1_000);
    const took = times?.skipped
      ? 'skipped'
      : times?.endedAt === undefined
        ? ''
        : showDuration(times.endedAt - times.startedAt);
    return `${this.#paint.bold(`▸ ${step}`)}${took ? `  ${took}` : ''}\n`;
  }
}

function isOpen({ data }: LogLine): boolean {
  return data.at(-1) !== 0x0a;
}

function stampOf({ time }: LogLine): string {
  return `${rfc3339(time)} `;
}

function cutOf({ lines, inLine }: Cut): string {
  return `${inLine ? '\n' : ''}${cutLine(lines)}`;
}

function jsonOf(entry: LogEntry): string {
  if (entry.kind === 'cut') return `${printableJson({ cut: entry.lines })}\n`;
  const { time, step, line, own, data } = entry;
  const text = data.toString().replace(/\r?\n$/, '');
  return `${printableJson({ time: rfc3339(time), step, line, ...(own ? { own } : {}), text })}\n`;
}
