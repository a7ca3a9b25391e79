// The server-sent events of a followed log. Pure.
import { rfc3339 } from '../job/public-json.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import type { Chunk } from '../store/log-chunks.js';

const chunkEvents = new WeakMap<Chunk, Buffer>();

/** The event of a chunk, made once for all followers. Its data is JSON: a raw carriage return would end the data. */
export function chunkEvent(chunk: Chunk): Buffer {
  const known = chunkEvents.get(chunk);
  if (known) return known;
  const { seq, time, step, line, data } = chunk;
  const json = JSON.stringify({ time: rfc3339(time), step, line, text: data.toString() });
  const event = Buffer.from(`id: ${seq}\ndata: ${json}\n\n`);
  chunkEvents.set(chunk, event);
  return event;
}

/** The event that says how many lines are left out at this place. */
export function cutEvent(lines: number): string {
  return `event: cut\ndata: ${JSON.stringify({ lines })}\n\n`;
}

/** The last event of a log: how the job ended. */
export function endEvent(record: JobRecord): string {
  const { status, reason, message }: RecordFields = record;
  return `event: end\ndata: ${JSON.stringify({ status, reason, message })}\n\n`;
}
