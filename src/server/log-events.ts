// The server-sent events of a followed log. Pure.
import { publicJson } from '../job/public-json.js';
import type { JobRecord, RecordFields, StepTimes } from '../job/record.js';
import { isFinal } from '../job/status.js';
import type { Chunk } from '../store/log-chunks.js';
import { linesJson } from './log-parts.js';

const chunkEvents = new WeakMap<Chunk, Buffer>();

/**
 * The event of a chunk, made once for all followers. Its data is JSON: a raw carriage return would end the data. Its id says
 * when the deployment was created, because one that is created again begins a new log.
 */
export function chunkEvent(chunk: Chunk, createdAt: number): Buffer {
  const known = chunkEvents.get(chunk);
  if (known) return known;
  const event = Buffer.from(`id: ${createdAt}-${chunk.seq}\ndata: ${JSON.stringify(linesJson(chunk))}\n\n`);
  chunkEvents.set(chunk, event);
  return event;
}

/** The position after which a log goes on for a client that has seen this id; 0, its start, for an id of another log. */
export function positionIn(lastEventId: string, createdAt: number): number {
  const [, created, seq] = /^(\d{1,15})-(\d{1,15})$/.exec(lastEventId) ?? [];
  return Number(created) === createdAt ? Number(seq) : 0;
}

/** Whether a client with this id has seen all of a log, its end included. */
export function hasSeenEnd(lastEventId: string, { status, createdAt }: JobRecord): boolean {
  return isFinal(status) && lastEventId === endId(createdAt);
}

/** The event that says how many lines are left out at this place. */
export function cutEvent(lines: number): string {
  return `event: cut\ndata: ${JSON.stringify({ lines })}\n\n`;
}

/** The event of a status: which attempt has it, and why a queued job waits though its turn has come. */
export function statusEvent(record: JobRecord): string {
  const { status, attempt, waitsFor }: RecordFields = record;
  return eventOf('status', { status, attempt, waitsFor });
}

/** The event of a step: without `ended_at` and `ms`, it has begun. */
export function stepEvent({ step, startedAt, endedAt, skipped }: StepTimes): string {
  const end = endedAt === undefined ? {} : { endedAt, ms: endedAt - startedAt, skipped: skipped ?? false };
  return eventOf('step', { step, startedAt, ...end });
}

/** The last event of a log: how the job ended. Its id tells a client that comes back that there is no more. */
export function endEvent(record: JobRecord): string {
  const { status, reason, step, exitCode, message, remedy }: RecordFields = record;
  // A record of a failed build may have the lines that matter.
  const { extract } = record as { extract?: string[] };
  const why =
    isFinal(status) && status !== 'READY' ? { reason, step, exitCode, message, remedy, extract } : {};
  return `id: ${endId(record.createdAt)}\n${eventOf('end', { status, ...why })}`;
}

function endId(createdAt: number): string {
  return `${createdAt}-end`;
}

function eventOf(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(publicJson(data))}\n\n`;
}
