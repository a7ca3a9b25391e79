// The server-sent events of a followed log. Pure.
import { rfc3339 } from '../job/public-json.js';
import type { JobRecord, RecordFields } from '../job/record.js';
import type { Chunk } from '../store/log-chunks.js';

const chunkEvents = new WeakMap<Chunk, Buffer>();

/**
 * The event of a chunk, made once for all followers. Its data is JSON: a raw carriage return would end the data. Its id says
 * when the deployment was created, because one that is created again begins a new log.
 */
export function chunkEvent(chunk: Chunk, createdAt: number): Buffer {
  const known = chunkEvents.get(chunk);
  if (known) return known;
  const { seq, time, step, line, data } = chunk;
  const json = JSON.stringify({ time: rfc3339(time), step, line, text: data.toString() });
  const event = Buffer.from(`id: ${createdAt}-${seq}\ndata: ${json}\n\n`);
  chunkEvents.set(chunk, event);
  return event;
}

/** The position after which a log goes on for a client that has seen this id; 0, its start, for an id of another log. */
export function positionIn(lastEventId: string, createdAt: number): number {
  const [, created, seq] = /^(\d{1,15})-(\d{1,15})$/.exec(lastEventId) ?? [];
  return Number(created) === createdAt ? Number(seq) : 0;
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
