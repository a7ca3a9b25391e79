// The beginning of a log in small pieces: many want its first lines only, and leave.
import { setTimeout } from 'node:timers/promises';
import { countLines } from './log-chunks.js';
import type { LogPart } from './log-reader.js';

const NEWLINE = 0x0a;
/** Of the first piece; each one after it is twice as long. */
const FIRST_BYTES = 512;
/** After each of them: a reader such as `head -1` leaves meanwhile. There are seven before the pieces are whole chunks. */
const PAUSE_MS = 2;

/** The same parts, the first of them in pieces. Between these, whoever has left is noticed. */
export async function* smallAtFirst(parts: AsyncIterable<LogPart>): AsyncGenerator<LogPart> {
  let most = FIRST_BYTES;
  for await (const part of parts) {
    let rest = part;
    for (let end = endWithin(rest, most); rest.kind === 'lines' && end > 0; end = endWithin(rest, most)) {
      const data = rest.data.subarray(0, end);
      yield { ...rest, data };
      rest = { ...rest, line: rest.line + countLines(data), data: rest.data.subarray(end) };
      most *= 2;
      await setTimeout(PAUSE_MS);
    }
    yield rest;
  }
}

/** Where the line ends that has so many bytes before it; 0 where that is all of the part. */
function endWithin(part: LogPart, bytes: number): number {
  if (part.kind === 'cut' || part.data.length <= bytes) return 0;
  const end = part.data.indexOf(NEWLINE, bytes) + 1;
  return end === part.data.length ? 0 : end;
}
