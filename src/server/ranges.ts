// Which part of a file a request gets, by its conditions (RFC 9110, 13 and 14). Pure.
import type { IncomingHttpHeaders } from 'node:http';

/** A file as HTTP knows it. The tag is quoted, and strong: the same tag means the same bytes. */
export interface Representation {
  size: number;
  etag: string;
}

/** `unchanged`: the client has it. `unsatisfiable`: it wants bytes that are not there. */
export type Wanted =
  | { kind: 'whole' }
  | { kind: 'part'; start: number; end: number }
  | { kind: 'unchanged' }
  | { kind: 'unsatisfiable' };

/** What a request wants of a file. Several ranges at once are answered with all of it. */
export function wantedOf(method: string, headers: IncomingHttpHeaders, file: Representation): Wanted {
  if (matchesWeakly(headers['if-none-match'], file.etag)) return { kind: 'unchanged' };
  const ifRange = headers['if-range'];
  const isForThis = ifRange === undefined || String(ifRange).trim() === file.etag;
  // Ranges are for GET alone.
  return method === 'GET' && isForThis ? rangeOf(headers.range ?? '', file.size) : { kind: 'whole' };
}

/** `If-None-Match`: a list of tags, or `*`. A proxy may have made them weak. */
function matchesWeakly(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || [...header.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag);
}

/** What is no range of bytes is ignored. */
function rangeOf(header: string, size: number): Wanted {
  const [, first = '', last = ''] = /^\s*bytes\s*=[\s,]*(\d*)\s*-\s*(\d*)[\s,]*$/i.exec(header) ?? [];
  if (first === '' && last === '') return { kind: 'whole' };
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return { kind: 'whole' };
  return start > end ? { kind: 'unsatisfiable' } : { kind: 'part', start, end };
}
