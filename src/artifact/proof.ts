// Removes what was made of an artifact: with it, and when another one takes its place.
import { rmSync } from 'node:fs';
import { type ArtifactPaths, proofPaths } from './paths.js';

/** At once: whatever waits here may wait until another build has put its own there. */
export function removeProof(paths: Pick<ArtifactPaths, 'archive'>): void {
  for (const path of Object.values(proofPaths(paths))) rmSync(path, { force: true });
}
