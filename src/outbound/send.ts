// Sends HTTP requests to addresses that users have named. Follows no redirects: they could lead into a private network.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { KoalaError } from '../job/errors.js';
import { isRefusedAddress, publicLookup } from './addresses.js';

/** The field of a job that has the address, and the setting that allows private ones: for messages. */
export interface Walls {
  field: string;
  allowPrivate: boolean;
  /** What an operator does who wants private addresses. */
  remedy: string;
}

export interface Outgoing {
  url: string;
  method: 'POST' | 'PUT';
  headers: Record<string, string | number>;
  body: string | AsyncIterable<Uint8Array>;
  walls: Walls;
  /** Ends it. */
  signal: AbortSignal;
  /** Ends it when nothing has come or gone for so long. */
  silenceMs?: number;
}

/**
 * Sends a request. Returns the status of the answer.
 * @throws KoalaError `bad_input` for a refused address, and whatever the connection or the body throws
 */
export async function send({
  url,
  method,
  headers,
  body,
  walls,
  signal,
  silenceMs,
}: Outgoing): Promise<number> {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const refusal = (name: string) => privateAddress(name, walls);
  // A socket looks up names only: check an IP address here.
  if (!walls.allowPrivate && isIP(host) && isRefusedAddress(host)) throw refusal(host);
  const request = target.protocol === 'https:' ? requestHttps : requestHttp;
  const sending = request(target, {
    ...{ method, headers: { 'user-agent': 'koalaci', ...headers }, signal, agent: false },
    ...(silenceMs ? { timeout: silenceMs } : {}),
    ...(walls.allowPrivate ? {} : { lookup: publicLookup(refusal) }),
  });
  sending.on('timeout', () => sending.destroy(new Error('it says nothing')));
  const answered = new Promise<number>((resolve, reject) => {
    sending.on('response', (response) => {
      const { statusCode = 0 } = response;
      resolve(statusCode);
      // Only the status matters, and the body may never end. Who refuses need not get the rest.
      if (isGood(statusCode) && !sending.writableFinished) response.resume();
      else sending.destroy();
    });
    sending.on('error', reject);
  });
  try {
    const sent = pipeline(typeof body === 'string' ? Readable.from([body]) : body, sending);
    const [status] = await Promise.all([answered, sent.catch((error) => unlessRefused(answered, error))]);
    return status;
  } finally {
    sending.destroy();
  }
}

/** Whether a receiver has taken what it was sent. */
export function isGood(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** Where not all was sent, a refusal is the reason; what a receiver has taken cannot be the whole. */
async function unlessRefused(answered: Promise<number>, error: unknown): Promise<void> {
  const status = await answered.catch(() => 200);
  if (isGood(status)) throw error;
}

function privateAddress(host: string, { field, remedy }: Walls): KoalaError {
  return new KoalaError('bad_input', `${field}: ${host} is not a public address, or is one of this machine`, {
    remedy,
  });
}
