// Finds where the log of a job continues when the job is built again: no line that was shown is lost.
import type { Redis } from 'ioredis';
import type { JobId } from '../job/identity.js';
import { countLines, HeadAndTail } from './log-chunks.js';
import { readLog } from './log-reader.js';
import type { LogStart } from './log-writer.js';

/**
 * How many sequence numbers each attempt has. A stream accepts only rising ids: once an attempt has written, Redis refuses
 * what an earlier attempt still sends.
 */
const ATTEMPT_SEQUENCES = 1e9;

/** The start of the log for the n-th attempt of a job (1, 2, …). */
export async function logStart(redis: Redis, id: JobId, attempt: number, limit: number): Promise<LogStart> {
  const start = { seq: (attempt - 1) * ATTEMPT_SEQUENCES, line: 0, kept: new HeadAndTail(limit) };
  if (attempt === 1) return start;
  for await (const part of readLog(redis, id)) {
    if (part.kind !== 'lines') continue;
    start.line = part.line + countLines(part.data) - 1;
    start.kept.add(part.seq, part.data.length);
  }
  return start;
}
