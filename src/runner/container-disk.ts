// Looks at what a running build has on disk, as cheaply as it can be known.
import { type DiskUse, engineUse, walkedUse } from '../docker/disk-use.js';
import { LABEL } from '../docker/names.js';
import type { BuildContainer } from '../sandbox/container.js';

/** The engine does not count files. They are counted this often: it takes a container, which is felt by a build of a few seconds. */
const WALK_EVERY_MS = 15_000;

/** If the engine takes longer, it has many files to walk, and a container of its own is faster from then on. */
const SLOW_MS = 500;

const NOTHING: DiskUse = { bytes: 0 };

export class ContainerDisk {
  #walkAt = performance.now() + WALK_EVERY_MS;
  /** Where the files are, once the engine is slow. */
  #slow = '';

  /** @throws KoalaError `environment` when the engine does not answer, or when `signal` aborts */
  async look(container: BuildContainer, signal: AbortSignal): Promise<DiskUse> {
    const walkedAlone = this.#slow
      ? await walk(this.#slow, container, signal).catch(() => undefined)
      : undefined;
    if (walkedAlone) return walkedAlone;
    // Where it cannot be walked, a slow answer of the engine is better than none.
    this.#slow = '';
    const began = performance.now();
    const asked = container.id === undefined ? undefined : await engineUse(container.id, signal);
    if (!asked?.directory) return asked ?? NOTHING;
    const now = performance.now();
    if (now - began > SLOW_MS) this.#slow = asked.directory;
    if (now < this.#walkAt) return asked;
    this.#walkAt = now + WALK_EVERY_MS;
    const walked = await walk(asked.directory, container, signal).catch(() => NOTHING);
    return { ...walked, bytes: Math.max(walked.bytes, asked.bytes) };
  }
}

function walk(directory: string, { sandbox }: BuildContainer, signal: AbortSignal): Promise<DiskUse> {
  const labels = { [LABEL.installation]: sandbox.labels[LABEL.installation] ?? '', [LABEL.look]: '1' };
  return walkedUse(directory, { image: sandbox.fallback ?? sandbox.image, labels, signal });
}
