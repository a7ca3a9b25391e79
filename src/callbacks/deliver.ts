// Sends one callback: a signed POST.
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { KoalaError } from '../job/errors.js';
import { isRefusedAddress, privateAddress, publicLookup } from './addresses.js';
import { sign } from './signature.js';

const TIMEOUT_MS = 10_000;

export interface Delivery {
  url: string;
  id: string;
  body: string;
  /** callbackKey() of the job's user. */
  key: string;
  allowPrivate: boolean;
}

/**
 * Posts a callback. Does not follow redirects: they could lead into a private network.
 * @throws KoalaError `bad_input` for a refused address, `environment` when the receiver did not answer with 2xx
 */
export async function deliver({ url, id, body, key, allowPrivate }: Delivery): Promise<void> {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  // A socket looks up names only: check an IP address here.
  if (!allowPrivate && isIP(host) && isRefusedAddress(host)) throw privateAddress(host);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const status = await post(target, body, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'koalaci',
      'koalaci-timestamp': timestamp,
      'koalaci-id': id,
      'koalaci-signature': `sha256=${sign(key, { timestamp, id, url, body })}`,
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    agent: false,
    ...(allowPrivate ? {} : { lookup: publicLookup }),
  });
  if (status < 200 || status > 299) throw new KoalaError('environment', `${target.host} answered ${status}`);
}

async function post(target: URL, body: string, options: RequestOptions): Promise<number> {
  const request = target.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const posting = request(target, options, (response) => {
      // Ignore the body: only the status matters, and the body may never end.
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    posting.on('error', reject);
    posting.end(body);
  });
}
