// The protocol between the runner and a build container: the runner's side. The container's is ci/steps/protocol.sh. Pure.
//
// stdin   the job: `name=value` pairs, each ended by a NUL, and an empty pair (job-input.ts); certificate authorities, as many
//         bytes as the pair ca_bytes says; later GO, once this runner has claimed the job; after the list, what wanted() makes; after the
//         archive, what found() makes
// stdout  the log, with a marker line at the place of each event; then the dist directory as a tar, between two markers,
//         and the lockfile, likewise (channel.ts); for a job with list_entries, a list of what is in it (artifact/list-reader.ts)
//         instead, and those contents that are wanted; for one with detect=1, what the project is, as JSON
// stderr  the events, one JSON object per line (control.ts)
import { LABEL } from '../docker/names.js';
import { KoalaError } from '../job/errors.js';

/**
 * A change that the other side would not understand needs a new version number: here, in ci/steps/protocol.sh, and in the
 * label that ci/image/Dockerfile gives the image.
 */
export const PROTOCOL_VERSION = 9;

/** The program that a build container runs. Its argument: how many seconds it waits for a job. */
export const ENTRYPOINT = '/koala/steps/entrypoint.sh';

/** The program that debugs in a container that is kept. Its arguments: a command; without one, it opens a shell. */
export const DEBUG = '/koala/steps/debug.sh';

/** Where a repository of this machine is mounted, read-only. */
export const LOCAL_SOURCE = '/koala/source';

/** Where the directories of objects are mounted that such a repository borrows from others, as `0`, `1`, … */
export const BORROWED = '/koala/borrowed';

/** A file system in memory that only the container's root can write. */
export const RUN_DIRECTORY = '/run/koala';

/** The last word on stdin: the build may begin. */
export const GO = 'go\0';

/** What the container hears after the list: of each entry whether its content is wanted, 1 or 0. */
export function wanted(answers: string): string {
  return `${answers.length}\0${answers}`;
}

/** What the container hears after the tar: the values of the job that were found in it and would fail the build. */
export function found(values: readonly string[]): string {
  return `${values.map((value) => `${value}\0`).join('')}\0`;
}

/** The start of an event's marker line: an ASCII record separator and the nonce. The event's number follows. */
export function markerStart(nonce: string): string {
  return `\x1e${nonce} `;
}

/**
 * Checks that a builder image speaks the same version of the protocol as this runner.
 * @param labels the image's labels
 * @throws KoalaError `environment` when it speaks another one
 */
export function checkProtocol(image: string, labels: Record<string, string>): void {
  const version = labels[LABEL.protocol];
  if (version === String(PROTOCOL_VERSION)) return;
  const theirs = version ? `version ${version} of the protocol` : 'no version of the protocol';
  throw new KoalaError(
    'environment',
    `the builder image ${image} speaks ${theirs}, but this koalaci speaks version ${PROTOCOL_VERSION}`,
    { remedy: 'Rebuild the image: sh ci/build.sh in the directory of koalaci.' },
  );
}
