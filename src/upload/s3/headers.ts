// What browsers are told of a file: its type, and how long they may keep it. Pure.
import { contentTypeOf } from '../../artifact/content-type.js';
import { isImmutable } from './hashed-names.js';

const FOR_EVER = 'public, max-age=31536000, immutable';
/** The store answers 304 where nothing has changed. */
const ASK_AGAIN = 'public, max-age=0, must-revalidate';

export interface FileHeaders {
  ContentType: string;
  CacheControl: string;
}

/** The headers with which a file is served. */
export function headersOf(path: string): FileHeaders {
  return {
    ContentType: contentTypeOf(path),
    CacheControl: isImmutable(path) ? FOR_EVER : ASK_AGAIN,
  };
}
