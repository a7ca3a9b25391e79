// The log of a deployment at a service: to its present end, or followed through lost connections.
import type { Patience } from '../../client/again.js';
import { eventsIn, linesIn, type ServerEvent } from '../../client/events.js';
import { notKoalaci, unanswered } from '../../client/no-answer.js';
import type { ServiceClient } from '../../client/service-client.js';
import type { Step } from '../../job/status.js';
import { endsLine } from '../../store/log-chunks.js';
import type { LogPart } from '../../store/log-reader.js';

const NDJSON = 'application/x-ndjson';
const EVENTS = 'text/event-stream';
/** A service says something every 15 seconds: if it says nothing for so long, the connection is dead. */
const SILENCE_MS = 45_000;

/** What both forms of a log have of its lines. */
interface Lines {
  time: string;
  step: Step | '';
  line: number;
  own?: boolean;
  text: string;
  base64?: string;
}

/** The parts of a log to its present end. */
export async function* readServiceLog(client: ServiceClient, path: string): AsyncGenerator<LogPart> {
  const response = await client.open(path, { headers: { accept: NDJSON } });
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith(NDJSON)) throw notKoalaci(client.url, `its log is ${type}`, false);
  try {
    for await (const line of linesIn(bodyOf(response))) yield partOf(JSON.parse(line));
  } catch (error) {
    throw unanswered(client.url, error);
  }
}

export interface Follow {
  /** What comes after this place of the log of that creation; without it, all. */
  from?: { createdAt: number; seq: number } | undefined;
  signal: AbortSignal;
  patience: Patience;
}

/** The parts of a log until the deployment has ended, is created again, or the signal aborts. */
export async function* followServiceLog(
  client: ServiceClient,
  path: string,
  { from, signal, patience }: Follow,
): AsyncGenerator<LogPart> {
  const place: Place = { id: from ? `${from.createdAt}-${from.seq}` : '', inLine: false };
  while (!signal.aborted)
    try {
      for await (const event of streamed(client, path, { place, signal })) {
        patience.answered();
        if (event.event === 'end' || isOfAnother(event, place)) return;
        yield* partsOf(event, place);
      }
      // So it ends when the service stops, or when the deployment was created again: the next answer tells which.
      throw unanswered(client.url, new Error('the connection was closed'));
    } catch (error) {
      if (signal.aborted) return;
      await patience.after(error, signal);
    }
}

/** How far a log has been read. */
interface Place {
  /** Of the last event. */
  id: string;
  /** Whether its last line has no end yet. */
  inLine: boolean;
}

async function* streamed(
  client: ServiceClient,
  path: string,
  { place, signal }: { place: Place; signal: AbortSignal },
): AsyncGenerator<ServerEvent> {
  const silent = new AbortController();
  const headers = { accept: EVENTS, ...(place.id === '' ? {} : { 'last-event-id': place.id }) };
  const until = AbortSignal.any([signal, silent.signal]);
  const response = await client.open(path, { headers, signal: until });
  // All of it has been read, as a service of a later version says.
  if (response.status === 204) return yield { event: 'end', id: '', data: '{}' };
  try {
    yield* eventsIn(heard(bodyOf(response), silent));
  } catch (error) {
    throw unanswered(client.url, error);
  } finally {
    await response.body?.cancel().catch(() => {});
  }
}

/** Ends the connection when nothing is heard. */
async function* heard(
  chunks: AsyncIterable<Uint8Array>,
  silent: AbortController,
): AsyncGenerator<Uint8Array> {
  const timer = setTimeout(() => silent.abort(new DOMException('', 'TimeoutError')), SILENCE_MS);
  try {
    for await (const chunk of chunks) {
      timer.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the deployment was created again: then this is another log. */
function isOfAnother({ id }: ServerEvent, place: Place): boolean {
  return place.id !== '' && id !== '' && createdAt(id) !== createdAt(place.id);
}

function createdAt(id: string): string {
  return id.slice(0, id.lastIndexOf('-'));
}

function* partsOf({ event, id, data }: ServerEvent, place: Place): Generator<LogPart> {
  if (event === 'cut') {
    const { lines } = JSON.parse(data) as { lines: number };
    yield { kind: 'cut', lines, inLine: place.inLine };
  }
  if (event !== 'message') return;
  const seq = Number(id.slice(id.lastIndexOf('-') + 1));
  const part = linesOf(JSON.parse(data) as Lines, seq);
  Object.assign(place, { id, inLine: !endsLine(part.data) });
  yield part;
}

function partOf(json: (Lines & { seq: number }) | { cut: number; in_line: boolean }): LogPart {
  if ('cut' in json) return { kind: 'cut', lines: json.cut, inLine: json.in_line };
  return linesOf(json, json.seq);
}

function linesOf({ time, step, line, own, text, base64 }: Lines, seq: number): LogPart & { kind: 'lines' } {
  const data = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
  return { kind: 'lines', seq, time: Date.parse(time), step, line, ...(own ? { own } : {}), data };
}

function bodyOf(response: Response): AsyncIterable<Uint8Array> {
  return response.body as unknown as AsyncIterable<Uint8Array>;
}
