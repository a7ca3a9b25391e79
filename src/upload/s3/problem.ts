// Says in words what an object store has answered. Pure.
import { KoalaError } from '../../job/errors.js';
import { visible } from '../../job/printable.js';

/** By the names of S3's errors: what it is no use to try again. They are told to users, who can do nothing about most of them. */
const FINAL: Record<string, string> = {
  AccessDenied: 'its key may not do that',
  AuthorizationHeaderMalformed: 'it is in another region',
  EntityTooLarge: 'the file is too large for it',
  ExpiredToken: 'its session token has expired',
  InvalidAccessKeyId: 'it does not know the key',
  KeyTooLongError: 'the path is too long for it',
  NoSuchBucket: 'the bucket does not exist',
  PermanentRedirect: 'it is in another region',
  RequestTimeTooSkewed: "its clock and this machine's differ",
  SignatureDoesNotMatch: 'the secret key is not the right one',
  // Answers without a body.
  403: 'its key may not do that',
  404: 'the bucket does not exist',
};
const PASSING: Record<string, string> = {
  QuotaExceeded: 'it is full',
  ECONNREFUSED: 'nothing listens at its address',
  ENOTFOUND: 'its host is not known',
};

interface Asked {
  name: string;
  verb: string;
  key?: string | undefined;
}

interface Thrown {
  name?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** The error for what was thrown; a KoalaError is what it is. The store's own words may have more than users should read. */
export function problemOf(error: unknown, { name, verb, key }: Asked): KoalaError {
  if (error instanceof KoalaError) return error;
  const { name: kind = '', code = '', $metadata } = error as Thrown;
  const status = $metadata?.httpStatusCode;
  const said = status ? `${kind}, ${status}` : code || kind;
  const final = FINAL[kind] ?? FINAL[String(status)];
  const why = final ?? PASSING[code] ?? PASSING[kind];
  const what = key === undefined ? verb : `${verb} ${visible(key)}`;
  const message = `target ${name} could not ${what}: ${why ? `${why} (${said})` : said}`;
  return new KoalaError(final ? 'conflict' : 'environment', message, {
    remedy: 'Correct the target, or wait until its store works, then upload again.',
  });
}
