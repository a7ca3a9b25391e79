// The runner's part of the step artifact: has the tar packed that the container sends, and publishes archive and manifest.
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { earlierPlace } from '../artifact/earlier-artifacts.js';
import { objectsOf } from '../artifact/objects.js';
import { linesOf } from '../artifact/pack-answer.js';
import type { PackOptions } from '../artifact/pack-options.js';
import { PackerProcess } from '../artifact/packer-process.js';
import { type ArtifactDirectory, artifactPaths } from '../artifact/paths.js';
import { type Searched, searchKey } from '../artifact/searched.js';
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
  /** The secret of this installation. */
  secret: string;
}

/** What is shipped. */
export interface Shipped {
  reporter: BuildReporter;
  /** What must not be in it. */
  secrets: ShippedSecrets;
  /** Whether it is of a job of less trust: what others have shipped is not told to it, and they do not go by what it ships. */
  isReader: boolean;
}

export class ArtifactStep implements AsyncDisposable {
  /** What must not be in it, and what was found. */
  readonly secrets: ShippedSecrets;
  readonly #destination: Destination;
  readonly #reporter: BuildReporter;
  readonly #packer: PackerProcess;
  readonly #isReader: boolean;
  #searched: Searched | undefined;
  /** The archive while it is written: another name, so that nobody sees half of it. */
  #partial: string | undefined;
  /** The list of its entries, and the manifest, likewise. The first one is set once the process has its task. */
  #partialList: string | undefined;
  #partialManifest: string | undefined;
  /** The file whose content goes into the store, until all of it is there. */
  #partialObject: string | undefined;

  /** Starts the process that packs: it has loaded when the tar comes, even if the build takes no time. */
  constructor(destination: Destination, { reporter, secrets, isReader }: Shipped) {
    this.#destination = destination;
    this.#reporter = reporter;
    this.secrets = secrets;
    this.#isReader = isReader;
    this.#packer = new PackerProcess({
      entries: destination.limits.artifactEntries,
      secrets: secrets.values.length,
    });
  }

  /** Gives the process its task, once the source is known: while the project builds, it looks what there is already. */
  begin(): void {
    this.#begun();
  }

  /** Packs a piece of the tar, or of the list and the contents. Returns a cause when the build must fail. */
  write(data: Buffer): Cause | undefined {
    const packer = this.#begun();
    packer.write(data);
    return packer.cause;
  }

  /** A promise while the tar comes faster than it is packed. */
  ready(): Promise<unknown> | undefined {
    return this.#packer.ready();
  }

  /** Which contents of the list are wanted, which has ended; or the cause when the build must fail. */
  async wanted(): Promise<string | Cause> {
    const packer = this.#begun();
    const wanted = await packer.wanted();
    // What has failed is said at the end. The container goes on until then.
    return packer.cause ?? wanted ?? '';
  }

  /** Looks which secrets are in the tar, which has ended. Returns the values that fail the build unless a tracked file has them. */
  async search(): Promise<string[]> {
    const { commit = '', deployment, project, branch }: Readonly<RecordFields> = this.#reporter.record;
    const findings = await this.#begun().findings();
    const found = findings.map(({ secret }) => secret);
    if (!this.#isReader) this.#searched = { key: this.#searchKey, found };
    this.secrets.found(findings, [commit, deployment, project, branch]);
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
    const { hosting } = answer;
    const form = { archiveTime: this.#reporter.commitTime, hosting, searched: this.#searched };
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
      ...(this.#destination.keepsArchives ? {} : { listed: this.#listed }),
    });
    return this.#packer;
  }

  /** The branch knows what it has shipped last, and what the default branch has: those start from that. */
  get #listed(): NonNullable<PackOptions['listed']> {
    const { repo, branch } = this.#reporter.record;
    const branches = this.#isReader ? [] : [branch, this.#reporter.defaultBranch];
    return { earlier: earlierPlace(this.#paths.manifest, { repo, branches }), searchKey: this.#searchKey };
  }

  get #searchKey(): string {
    return searchKey(this.#destination.secret, this.secrets.values);
  }

  #failure({ error, isFull }: { error: string; isFull?: boolean }): KoalaError {
    return new KoalaError('environment', `the dist directory could not be packed: ${error}`, {
      remedy: isFull
        ? `Make room in ${dirname(this.#paths.archive)}, then run the job again.`
        : 'Run the job again. If that does not help, please report it.',
    });
  }
}
