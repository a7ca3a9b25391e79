// The runner's part of the step artifact: packs the tar that the container sends, and publishes archive and manifest.
import { dirname } from 'node:path';
import { writeManifest } from '../artifact/manifest.js';
import { Packer } from '../artifact/packer.js';
import type { Cause } from '../job/ending.js';
import type { ArtifactInfo } from '../job/record.js';
import { makeDirectory } from '../settings/make-directory.js';
import { type ArtifactDirectory, artifactPaths } from '../upload/directory.js';
import type { BuildReporter } from './reporter.js';

export interface Destination {
  artifacts: ArtifactDirectory;
  /** `artifact`: the most bytes of the unpacked files. */
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

  /** Packs a piece of the tar. Returns a cause when the build must fail. */
  write(data: Buffer): Cause | undefined {
    this.#packer ??= this.#pack();
    this.#packer.write(data);
    return this.#packer.cause;
  }

  /** A promise while the tar comes faster than it is packed. */
  ready(): Promise<unknown> | undefined {
    return this.#packer?.ready();
  }

  /** Publishes the artifact. Returns a cause when the build must fail. */
  async send(): Promise<Cause | undefined> {
    const packer = this.#packer ?? this.#pack();
    const packed = await packer.close();
    for (const entry of packer.leftOut) this.#reporter.say(`left out of the artifact: ${entry}`);
    if ('reason' in packed) return packed;
    const { archive, manifest } = this.#paths;
    const { files, bytes, sha256, archiveBytes } = packed;
    const artifact: ArtifactInfo = { path: archive, manifest, files, bytes, sha256 };
    this.#reporter.shipped(artifact);
    await writeManifest(manifest, this.#reporter.record, archiveBytes);
    return undefined;
  }

  /** Removes an unfinished archive. */
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
      mayPublish: () => this.#reporter.mayPublish(),
    });
  }
}
