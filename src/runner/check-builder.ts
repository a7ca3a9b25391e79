// Whether builds can begin at all, before a job's record is touched.
import { inspectImage } from '../docker/image.js';
import type { BaseImage } from '../snapshot/snapshot.js';

/**
 * Checks that there was a builder image when a job's base was chosen.
 * @throws KoalaError `environment`, which says whether the image is missing or the engine does not answer
 */
export async function checkBuilder({ builder }: BaseImage, name: string): Promise<void> {
  if (builder === '') await inspectImage(name);
}
