// Opens what was shipped wherever it lies: on this machine, or else in a store of the operator's for all machines.
import type { ArtifactDirectory } from '../artifact/paths.js';
import type { ConfiguredTarget } from '../upload/targets.js';
import { findFile } from './file-at.js';
import { Archives, openManifest } from './open.js';
import type { OpenArchive, OpenFile } from './open-file.js';
import type { Shipped } from './shipped.js';
import { StoredArtifact } from './stored-artifact.js';

type OpenTargets = () => Promise<readonly Pick<ConfiguredTarget, 'target'>[]>;

/** All throw a KoalaError as Archives.open() does where an artifact is nowhere. */
export class Anywhere {
  readonly #here: Archives;
  readonly #targets: OpenTargets;

  /** The targets may be such stores. They are opened where something is not here. */
  constructor(artifacts: Pick<ArtifactDirectory, 'objects'>, targets: OpenTargets) {
    this.#here = new Archives(artifacts);
    this.#targets = targets;
  }

  /** The archive of an artifact. Nobody is to get its bytes before check(). */
  archive(shipped: Shipped): Promise<OpenArchive> {
    return this.#orStored(
      shipped,
      () => this.#here.open(shipped),
      (stored) => stored.archive(),
    );
  }

  manifest(shipped: Shipped): Promise<OpenFile> {
    return this.#orStored(
      shipped,
      () => openManifest(shipped),
      (stored) => stored.manifest(),
    );
  }

  /**
   * A file of an artifact. Nobody is to get its bytes before check().
   * @throws KoalaError `not_found` when there is none at that path
   */
  file(shipped: Shipped, path: string): Promise<OpenArchive> {
    return this.#orStored(
      shipped,
      async () => this.#here.openContent(shipped, await findFile(shipped, path)),
      (stored) => stored.file(path),
    );
  }

  async #orStored<Opened>(
    shipped: Shipped,
    here: () => Promise<Opened>,
    there: (stored: StoredArtifact) => Opened | Promise<Opened>,
  ): Promise<Opened> {
    try {
      return await here();
    } catch (error) {
      if (await isHere(shipped)) throw error;
      const stores = (await this.#targets()).flatMap(({ target }) => target.archives ?? []);
      const stored = await StoredArtifact.find(shipped, stores);
      if (!stored) throw error;
      return there(stored);
    }
  }
}

async function isHere(shipped: Shipped): Promise<boolean> {
  return openManifest(shipped).then(
    async (manifest) => {
      await manifest.close();
      return true;
    },
    () => false,
  );
}
