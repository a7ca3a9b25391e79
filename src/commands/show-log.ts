// Prints a log from wherever it comes: its lines, under the headings of their steps, and how the deployment ended.
import { exitCodeOfEnding } from '../job/ending.js';
import { hasEnded, type JobRecord, type RecordFields, type StepTimes } from '../job/record.js';
import { LineFilter, type LogEntry, type LogFilter } from '../store/log-lines.js';
import { smallAtFirst } from '../store/log-pieces.js';
import type { LogPart } from '../store/log-reader.js';
import type { LogSource } from '../store/log-source.js';
import { drawLogEnding } from '../ui/draw-log-ending.js';
import { LogPrinter } from '../ui/log-printer.js';
import { Output } from '../ui/output.js';
import { isOutputColoured, outputPaint } from '../ui/paint.js';
import { onInterrupt } from './interrupt.js';

export interface ShowLogFlags {
  follow?: boolean;
  exitStatus?: boolean;
  failed?: boolean;
  json?: boolean;
  raw?: boolean;
  timestamps?: boolean;
}

/** Of a step that failed, so many lines. */
const FAILED_LINES = 50;

/** Prints it. Returns the exit code: with `exitStatus`, that of a deployment that has ended. */
export async function showLog(source: LogSource, flags: ShowLogFlags, asked: LogFilter): Promise<number> {
  const stop = new AbortController();
  process.stdout.once('close', () => stop.abort());
  process.stdout.once('error', () => stop.abort());
  using _ = onInterrupt(() => stop.abort());
  let record = await source.record();
  const filter = flags.failed ? failedPart(record, asked) : asked;
  const steps = () => stepsOf(record);
  const printer = new LogPrinter({ ...flags, colours: isOutputColoured, steps });
  const output = new Output(process.stdout, { raw: true });
  const print = async (data: Buffer) => {
    if (data.length > 0) output.write(data);
    await output.ready();
  };
  for await (const entries of filter ? wanted(source, filter, { ...flags, signal: stop.signal }) : []) {
    if (stop.signal.aborted) break;
    await print(printer.print(entries));
  }
  if (stop.signal.aborted) return 0;
  if (!hasEnded(record)) record = await source.record();
  if (!flags.json && !flags.raw && asked.grep === undefined && asked.step === undefined)
    await print(
      Buffer.from(
        drawLogEnding(record, printer.lastOwn, outputPaint)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    );
  return flags.exitStatus && hasEnded(record) ? exitCodeOfEnding(record) : 0;
}

function stepsOf({ steps = [] }: RecordFields): StepTimes[] {
  return steps;
}

/** The end of the step that failed; undefined if none did. */
function failedPart(record: JobRecord, asked: LogFilter): LogFilter | undefined {
  const { step }: RecordFields = record;
  if (record.status !== 'ERROR' || step === undefined) return undefined;
  return { tail: FAILED_LINES, ...asked, step };
}

/** The lines that are wanted of what is there; then, to be followed, those that are added. */
async function* wanted(
  source: LogSource,
  filter: LogFilter,
  { follow, signal }: { follow?: boolean; signal: AbortSignal },
): AsyncGenerator<LogEntry[]> {
  const last = filter.tail === undefined && follow ? 0 : undefined;
  let after = last ?? 0;
  if (last === undefined) {
    const lines = new LineFilter(filter);
    for await (const part of smallAtFirst(source.read())) {
      // Who wanted the first lines only has left.
      if (signal.aborted) return;
      after = seqOf(part) ?? after;
      yield lines.push(part);
    }
    yield lines.end();
  }
  if (!follow) return;
  const { tail: _, ...rest } = filter;
  const lines = new LineFilter(rest);
  for await (const part of source.follow(after, signal)) yield lines.push(part);
  yield lines.end();
}

function seqOf(part: LogPart): number | undefined {
  return part.kind === 'lines' ? part.seq : undefined;
}
