// The protocol between the runner and a build container: the runner's side. The container's is ci/steps/protocol.sh. Pure.
//
// stdin   the job: `name=value` pairs, each ended by a NUL, and an empty pair (job-input.ts); certificate authorities, as many
//         bytes as the pair ca_bytes says; later GO, when the job is this runner's to build
// stdout  the log, with a marker line where an event happened; then the dist directory as a tar, between two markers (channel.ts)
// stderr  the events, a JSON object a line (control.ts)
import { LABEL } from '../docker/names.js';
import { KoalaError } from '../job/errors.js';

/**
 * What the other side would not understand any more gets a new version: here, in ci/steps/protocol.sh, and in the label of
 * ci/image/Dockerfile, by which an image answers it.
 */
export const PROTOCOL_VERSION = 1;

/** What a build container runs. Its argument: how many seconds it waits for a job. */
export const ENTRYPOINT = '/koala/steps/entrypoint.sh';

/** Where a repository of this machine is mounted, read-only. */
export const LOCAL_SOURCE = '/koala/source';

/** A file system in memory that only the container's root can write. */
export const RUN_DIRECTORY = '/run/koala';

/** The last word on stdin: the job may be built. */
export const GO = 'go\0';

/** How the marker line of an event begins: an ASCII record separator, and what build code never sees. The event's number ends it. */
export function markerStart(nonce: string): string {
  return `\x1e${nonce} `;
}

/**
 * Checks that a builder image speaks as this runner does.
 * @param labels of the image
 * @throws KoalaError `environment` when it is of another version
 */
export function checkProtocol(image: string, labels: Record<string, string>): void {
  const version = labels[LABEL.protocol];
  if (version === String(PROTOCOL_VERSION)) return;
  const theirs = version ? `version ${version} of the protocol` : 'no version of the protocol';
  throw new KoalaError(
    'environment',
    `the builder image ${image} speaks ${theirs}, and this koalaci version ${PROTOCOL_VERSION}`,
    { remedy: 'Build the image anew: sh ci/build.sh' },
  );
}
