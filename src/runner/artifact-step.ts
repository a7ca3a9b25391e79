// The artifact of one build on its way: from the container's tar to the archive and the manifest in their place.
import { dirname } from 'node:path';
import { writeManifest } from '../artifact/manifest.js';
import { Packer } from '../artifact/packer.js';
import type { ArtifactInfo } from '../job/record.js';
import type { Cause } from '../job/status.js';
import { type ArtifactDirectory, artifactPaths, makeDirectory } from '../upload/directory.js';
import type { BuildReporter } from './reporter.js';

export interface Destination {
  artifacts: ArtifactDirectory;
  /** `artifact`: most bytes, unpacked. */
  limits: { artifact: number };
}

export class ArtifactStep implements AsyncDisposable {
  readonly #destination: Destination;
  readonly #reporter: BuildReporter;
  #packer: Packer | undefined;

  constructor(destination: Destination, reporter: BuildReporter) {
    this.#destination = destination;
    this.#reporter = reporter;
  }

  /** Takes a piece of the tar. Returns the cause when the build has to fail for it. */
  write(data: Buffer): Cause | undefined {
    this.#packer ??= this.#pack();
    this.#packer.write(data);
    return this.#packer.cause;
  }

  /** Pending while the tar comes faster than it is packed. */
  ready(): Promise<unknown> | undefined {
    return this.#packer?.ready();
  }

  /** Puts the artifact in its place. Returns the cause when the build has to fail for it. */
  async send(): Promise<Cause | undefined> {
    const packed = await (this.#packer ?? this.#pack()).close();
    if ('reason' in packed) return packed;
    const { archive, manifest } = this.#paths;
    for (const entry of packed.leftOut) this.#reporter.say(`left out of the artifact: ${entry}`);
    const { files, bytes, sha256, archiveBytes } = packed;
    const artifact: ArtifactInfo = { path: archive, manifest, files, bytes, sha256 };
    this.#reporter.shipped(artifact);
    await writeManifest(manifest, this.#reporter.record, archiveBytes);
    return undefined;
  }

  /** Leaves no half-written archive. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#packer?.abort();
  }

  get #paths(): { archive: string; manifest: string } {
    return artifactPaths(this.#destination.artifacts, this.#reporter.record);
  }

  #pack(): Packer {
    const file = this.#paths.archive;
    makeDirectory(dirname(file));
    return new Packer({
      file,
      limit: this.#destination.limits.artifact,
      time: this.#reporter.commitTime,
      mayPublish: () => this.#reporter.isOurs(),
    });
  }
}
