// Signs callbacks, so that a receiver can check that koalaci sent one, when, to which address, and for which user. Pure.
import { createHmac, hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/** What a signature covers. */
export interface Signed {
  /** Of this try, in seconds since 1970. */
  timestamp: string;
  id: string;
  /** The `callback_url`, as the job had it. */
  url: string;
  body: string;
}

/** The key of a user's callbacks, in hex: HKDF-SHA256 of the operator's secret. Who has it can sign for this user alone. */
export function callbackKey(secret: string, user: string): string {
  return Buffer.from(hkdfSync('sha256', secret, '', `koalaci callback ${user}`, KEY_BYTES)).toString('hex');
}

/** HMAC-SHA256 under the key's text, in hex. None but the last of the parts has a line end, so none passes for another. */
export function sign(key: string, { timestamp, id, url, body }: Signed): string {
  return createHmac('sha256', key).update([timestamp, id, url, body].join('\n')).digest('hex');
}
