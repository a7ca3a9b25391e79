// The runner's part of the step artifact: has the tar packed that the container sends, and publishes archive and manifest.
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { objectsOf } from '../artifact/objects.js';
import { linesOf } from '../artifact/pack-answer.js';
import { PackerProcess } from '../artifact/packer-process.js';
import { type ArtifactDirectory, artifactPaths } from '../artifact/paths.js';
import type { Cause } from '../job/ending.js';
import { KoalaError } from '../job/errors.js';
import type { Limits } from '../job/limits.js';
import type { RecordFields } from '../job/record.js';
import { makeDirectory } from '../settings/make-directory.js';
import { partialIn } from './partials.js';
import { publish } from './publish.js';
import type { BuildReporter } from './reporter.js';
import type { ShippedSecrets } from './shipped-secrets.js';

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
    this.#partialManifest = partialIn(dirname(this.#paths.manifest));
    const [archive, list, manifest] = [this.#partial, this.#partialList as string, this.#partialManifest];
    const form = { archiveTime: this.#reporter.commitTime, hosting: answer.hosting };
    await publish(this.#reporter, this.#paths, answer.packed, { archive, list, manifest, form });
    return undefined;
  }

  /** Packs it, and publishes nothing. Returns the list of what it has; undefined when the build must fail. */
  async listed(): Promise<Buffer | undefined> {
    const answer = await this.#begun().end();
    return 'packed' in answer && this.#partialList ? readFile(this.#partialList) : undefined;
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

  #failure({ error, isFull }: { error: string; isFull?: boolean }): KoalaError {
    return new KoalaError('environment', `the dist directory could not be packed: ${error}`, {
      remedy: isFull
        ? `Make room in ${dirname(this.#paths.archive)}, then run the job again.`
        : 'Run the job again. If that does not help, please report it.',
    });
  }
}
