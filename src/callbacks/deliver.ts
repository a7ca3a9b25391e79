// Sends one callback: a signed POST.
import { KoalaError } from '../job/errors.js';
import { isGood, send } from '../outbound/send.js';
import { sign } from '../outbound/signature.js';

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
 * Posts a callback.
 * @throws KoalaError `bad_input` for a refused address, `environment` when the receiver did not answer with 2xx
 */
export async function deliver({ url, id, body, key, allowPrivate }: Delivery): Promise<void> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const status = await send({
    ...{ url, method: 'POST', body },
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'koalaci-timestamp': timestamp,
      'koalaci-id': id,
      'koalaci-signature': `sha256=${sign(key, { timestamp, id, url, body })}`,
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    walls: {
      ...{ field: 'callback_url', allowPrivate },
      remedy: 'To allow callbacks into private networks, set KOALACI_CALLBACK_ALLOW_PRIVATE=1.',
    },
  });
  if (!isGood(status)) throw new KoalaError('environment', `${new URL(url).host} answered ${status}`);
}
