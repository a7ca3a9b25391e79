// The runner's part of the step artifact: has the tar packed that the container sends, and publishes archive and manifest.
import { renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Hosting } from '../artifact/hosting.js';
import { writeManifest } from '../artifact/manifest.js';
import { objectsOf } from '../artifact/objects.js';
import { linesOf, type Packed } from '../artifact/pack-answer.js';
import { PackerProcess } from '../artifact/packer-process.js';
import { type ArtifactDirectory, artifactPaths } from '../artifact/paths.js';
import { removeProof } from '../artifact/proof.js';
import type { Cause } from '../job/ending.js';
import { KoalaError } from '../job/errors.js';
import type { Limits } from '../job/limits.js';
import type { ArtifactInfo, JobRecord, RecordFields } from '../job/record.js';
import { makeDirectory } from '../settings/make-directory.js';
import { LEASE_MS } from '../settings/timing.js';
import { partialIn } from './partials.js';
import type { BuildReporter } from './reporter.js';
import type { ShippedSecrets } from './shipped-secrets.js';

/** An answer of Redis that took longer may be out of date: this process may have been stopped meanwhile. */
const FRESH_ANSWER_MS = LEASE_MS / 3;

export interface Destination {
  artifacts: ArtifactDirectory;
  /** Whether archives are files; otherwise they are made when somebody asks for one. */
  keepsArchives: boolean;
  limits: Pick<Limits, 'artifact' | 'artifactEntries' | 'artifactPath' | 'artifactDepth'>;
}

export class ArtifactStep implements AsyncDisposable {
  /** What must not be in it, and what was found. */
  readonly secrets: ShippedSecrets;
  readonly #destination: Destination;
  readonly #reporter: BuildReporter;
  readonly #packer: PackerProcess;
  /** The archive while it is written: another name, so that nobody sees half of it. */
  #partial: string | undefined;
  /** The list of its entries, and the manifest, likewise. The first one is set once the process has its task. */
  #partialList: string | undefined;
  #partialManifest: string | undefined;
  /** The file whose content goes into the store, until all of it is there. */
  #partialObject: string | undefined;

  /** Starts the process that packs: it has loaded when the tar comes, even if the build takes no time. */
  constructor(destination: Destination, reporter: BuildReporter, secrets: ShippedSecrets) {
    this.#destination = destination;
    this.#reporter = reporter;
    this.secrets = secrets;
    this.#packer = new PackerProcess({
      entries: destination.limits.artifactEntries,
      secrets: secrets.values.length,
    });
  }

  /** Packs a piece of the tar. Returns a cause when the build must fail. */
  write(data: Buffer): Cause | undefined {
    const packer = this.#begun();
    packer.write(data);
    return packer.cause;
  }

  /** A promise while the tar comes faster than it is packed. */
  ready(): Promise<unknown> | undefined {
    return this.#packer.ready();
  }

  /** Looks which secrets are in the tar, which has ended. Returns the values that fail the build unless a tracked file has them. */
  async search(): Promise<string[]> {
    const { commit = '', deployment, project, branch }: Readonly<RecordFields> = this.#reporter.record;
    this.secrets.found(await this.#begun().findings(), [commit, deployment, project, branch]);
    return this.secrets.suspects;
  }

  /**
   * Publishes the artifact. Returns a cause when the build must fail.
   * @throws KoalaError `environment` when it cannot be written here
   * @throws Error when it cannot be packed, or another runner has the job
   */
  async send(): Promise<Cause | undefined> {
    const packer = this.#begun();
    const answer = await packer.end();
    if ('error' in answer) throw this.#failure(answer);
    const { cause, notice } = this.secrets;
    for (const line of [...linesOf(answer), ...(notice ? [notice] : [])]) this.#reporter.say(line);
    if ('cause' in answer) return answer.cause;
    if (cause) return cause;
    await this.#publish(answer.packed, answer.hosting);
    return undefined;
  }

  /** Ends the process and removes an unfinished archive. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#packer.kill();
    for (const partial of [this.#partial, this.#partialList, this.#partialManifest, this.#partialObject])
      if (partial) await rm(partial, { force: true });
  }

  get #paths(): { archive: string; manifest: string } {
    return artifactPaths(this.#destination.artifacts, this.#reporter.record);
  }

  #begun(): PackerProcess {
    if (this.#partialList) return this.#packer;
    const directory = dirname(this.#paths.archive);
    const objects = objectsOf(this.#destination.artifacts.objects, this.#reporter.record.user);
    for (const place of [directory, objects]) makeDirectory(place);
    if (this.#destination.keepsArchives) this.#partial = partialIn(directory);
    this.#partialList = partialIn(directory);
    this.#partialObject = partialIn(objects);
    const { artifact, artifactEntries, artifactPath, artifactDepth } = this.#destination.limits;
    this.#packer.begin({
      file: this.#partial,
      list: this.#partialList,
      objects: { directory: objects, partial: this.#partialObject },
      limits: { bytes: artifact, entries: artifactEntries, path: artifactPath, depth: artifactDepth },
      time: this.#reporter.commitTime,
      secrets: this.secrets.values,
    });
    return this.#packer;
  }

  async #publish(packed: Packed, hosting: Hosting): Promise<void> {
    const { archive, manifest } = this.#paths;
    const onDemand = this.#partial === undefined ? { madeOnDemand: true } : {};
    const artifact: ArtifactInfo = { path: archive, manifest, ...packed, ...onDemand };
    this.#partialManifest = partialIn(dirname(manifest));
    const [partial, list] = [this.#partial, this.#partialList as string];
    const form = { hasArchive: partial !== undefined, archiveTime: this.#reporter.commitTime, hosting };
    await writeManifest(this.#partialManifest, shipped(this.#reporter.record, artifact), list, form);
    if (!(await this.#mayPublish())) throw new Error("the job is another runner's by now");
    // At once, both of them: whatever waits here may wait until another runner has published.
    removeProof({ archive });
    if (partial !== undefined) renameSync(partial, archive);
    renameSync(this.#partialManifest, manifest);
    // Of the last build of this id.
    if (partial === undefined) rmSync(archive, { force: true });
    this.#reporter.shipped(artifact);
  }

  /** Asks until there is an answer that is fresh. */
  async #mayPublish(): Promise<boolean> {
    for (;;) {
      const asked = performance.now();
      if (!(await this.#reporter.mayPublish())) return false;
      if (performance.now() - asked < FRESH_ANSWER_MS) return true;
    }
  }

  #failure({ error, isFull }: { error: string; isFull?: boolean }): KoalaError {
    return new KoalaError('environment', `the dist directory could not be packed: ${error}`, {
      remedy: isFull
        ? `Make room in ${dirname(this.#paths.archive)}, then run the job again.`
        : 'Run the job again. If that does not help, please report it.',
    });
  }
}

/** A record as it will be once the artifact is published. */
function shipped(record: Readonly<JobRecord>, artifact: ArtifactInfo): RecordFields {
  const { steps = [] }: Readonly<RecordFields> = record;
  return {
    ...record,
    artifact,
    steps: steps.map((one) => ({ ...one, endedAt: one.endedAt ?? Date.now() })),
  };
}
