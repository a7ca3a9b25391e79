// Finds where the log of a job continues when the job is built again: no line that was shown is lost.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { ATTEMPT_SEQUENCES, countLines, endsLine, HeadAndTail } from './log-chunks.js';
import { readLog } from './log-reader.js';
import type { LogStart } from './log-writer.js';

/** The start of the log for the n-th attempt of a job (1, 2, …). */
export async function logStart(redis: Redis, id: JobId, attempt: number, limit: number): Promise<LogStart> {
  const seq = (attempt - 1) * ATTEMPT_SEQUENCES;
  const start = { seq, line: 0, isUnfinished: false, kept: new HeadAndTail(limit) };
  if (attempt === 1) return start;
  for await (const part of readLog(redis, id)) {
    if (part.kind !== 'lines') continue;
    start.line = part.line + countLines(part.data) - 1;
    start.isUnfinished = !endsLine(part.data);
    start.kept.add(part.seq, part.data.length);
  }
  return start;
}
