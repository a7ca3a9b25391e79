// What browsers are told of a file: its type, and how long they may keep it. Pure.
import mime from 'mime';
import { isImmutable } from './hashed-names.js';

const UNKNOWN = 'application/octet-stream';
const FOR_EVER = 'public, max-age=31536000, immutable';
/** The store answers 304 where nothing has changed. */
const ASK_AGAIN = 'public, max-age=0, must-revalidate';

export interface FileHeaders {
  ContentType: string;
  CacheControl: string;
}

/** The headers with which a file is served. */
export function headersOf(path: string): FileHeaders {
  const type = mime.getType(path) ?? UNKNOWN;
  return {
    // Without it, browsers take text of a script or a style sheet for whatever the page's is.
    ContentType: type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    CacheControl: isImmutable(path) ? FOR_EVER : ASK_AGAIN,
  };
}
