// Which system calls a build may make: a profile for the engine. ci/sandbox/seccomp.md has the reasons.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface SeccompProfile {
  /** The file. The docker command reads it, so it works with an engine elsewhere too. */
  path: string;
  /** A hash of its content. */
  digest: string;
}

let profile: SeccompProfile | undefined;

/**
 * The profile that koalaci comes with.
 * @throws Error when the file is missing, which is a broken installation
 */
export function seccompProfile(): SeccompProfile {
  profile ??= read();
  return profile;
}

function read(): SeccompProfile {
  // Compiled, this file is in dist/.
  const places = ['../ci/sandbox/seccomp.json', '../../ci/sandbox/seccomp.json'];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = paths.find((place) => existsSync(place)) ?? paths[0] ?? '';
  return { path, digest: createHash('sha256').update(readFileSync(path)).digest('hex') };
}
