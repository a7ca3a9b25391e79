// Puts an archive to the address that its job has named, once.
import type { ArtifactOwner } from '../artifact/paths.js';
import { KoalaError, messageOf } from '../job/errors.js';
import { isGood, send } from '../outbound/send.js';
import { callbackKey, sign } from '../outbound/signature.js';
import type { ArchiveBytes } from './archive-store.js';
import type { ArtifactUrlSettings } from './artifact-url.js';

/** A receiver that takes and says nothing for so long is taken for gone. */
const SILENCE_MS = 60_000;
/** These statuses mean that it may go well later. */
const PASSING = [408, 425, 429];

export interface ArchivePut extends ArtifactOwner {
  url: string;
  /** The same each time that this archive is sent. */
  attempt: string;
}

/**
 * Puts an archive. Its length and hash are in the headers; the signature is that of callbacks, with the hash in the body's place.
 * @throws KoalaError `bad_input` for a refused address, `conflict` when the receiver does not want it, `environment` when it may want
 * it later. Users read the messages: an address may have a token, so they name the host only
 */
export async function putArchive(
  { url, attempt, user, project, deployment }: ArchivePut,
  { size, sha256, read }: ArchiveBytes,
  { artifactUrl, callbackSecret }: ArtifactUrlSettings,
  signal: AbortSignal,
): Promise<void> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = (secret: string) =>
    sign(callbackKey(secret, user), { timestamp, id: attempt, url, body: sha256 });
  const status = await send({
    ...{ url, method: 'PUT', body: read(), signal, silenceMs: SILENCE_MS },
    headers: {
      'content-type': 'application/gzip',
      'content-length': size,
      'content-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      'koalaci-project': project,
      'koalaci-deployment': deployment,
      'koalaci-timestamp': timestamp,
      'koalaci-id': attempt,
      ...(callbackSecret === undefined ? {} : { 'koalaci-signature': `sha256=${signature(callbackSecret)}` }),
    },
    walls: {
      ...{ field: 'artifact_url', allowPrivate: artifactUrl === 'private' },
      remedy: 'To allow artifacts to be sent into private networks, set KOALACI_ARTIFACT_URL=private.',
    },
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof KoalaError ? error : unreached(url, error);
  });
  if (!isGood(status)) throw refused(url, status);
}

function unreached(url: string, error: unknown): KoalaError {
  const { code } = error as NodeJS.ErrnoException;
  return new KoalaError(
    'environment',
    `artifact_url: ${new URL(url).host} did not take it: ${code ?? messageOf(error)}`,
  );
}

function refused(url: string, status: number): KoalaError {
  const isPassing = status >= 500 || PASSING.includes(status);
  const note = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  const message = `artifact_url: ${new URL(url).host} answered ${status}${note}`;
  return new KoalaError(isPassing ? 'environment' : 'conflict', message);
}
