// Whether a job may have its artifact sent to an address of its own. Pure.
import { KoalaError } from '../job/errors.js';
import type { Payload } from '../job/payload.js';
import type { Settings } from '../settings/settings.js';

/** What the operator has set: from the secret derive the keys of users that sign what is sent. */
export type ArtifactUrlSettings = Pick<Settings, 'artifactUrl' | 'callbackSecret'>;

/** @throws KoalaError `bad_input` where the operator allows no such addresses */
export function refuseArtifactUrl(
  { artifact_url }: Pick<Payload, 'artifact_url'>,
  { artifactUrl }: Pick<Settings, 'artifactUrl'>,
): void {
  if (artifact_url === undefined || artifactUrl !== 'off') return;
  throw new KoalaError('bad_input', 'artifact_url: artifacts are not sent to addresses here', {
    remedy: 'Leave it out, or set KOALACI_ARTIFACT_URL=public.',
  });
}
