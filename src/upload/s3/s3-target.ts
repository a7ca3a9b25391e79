// An object store as a target: a tree of keys for each place, in which only what has changed is put.
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { checkedBytes } from '../../artifact/checked-bytes.js';
import { bytesSha256 } from '../../artifact/sha256.js';
import { KoalaError } from '../../job/errors.js';
import { inBatches } from '../../job/in-batches.js';
import { visible } from '../../job/printable.js';
import type { ArchiveStore } from '../archive-store.js';
import type {
  Place,
  Release,
  ReleaseOwner,
  ServeOptions,
  Target,
  TargetOptions,
  UploadOptions,
} from '../target.js';
import type { Bucket } from './bucket.js';
import { type FlatFile, flatFiles } from './flat-files.js';
import { headersOf } from './headers.js';
import { treeKeys } from './keys.js';
import { type Known, type Plan, planOf, type Tree, touchedBy } from './plan.js';
import { TreeState } from './tree-state.js';

/** Requests at once. */
const AT_ONCE = 16;
/** Larger files are sent in pieces, one at a time: that many at once would be much memory. */
const SMALL_BYTES = 1 << 20;

export interface S3TargetOptions {
  name: string;
  bucket: Bucket;
  /** Of all keys: empty, or with a slash at its end. */
  prefix: string;
  /** How long what is gone stays for pages that are open. */
  keepMs: number;
  archives: ArchiveStore | undefined;
}

export class S3Target implements Target {
  readonly name: string;
  readonly archives: ArchiveStore | undefined;
  readonly #options: S3TargetOptions;
  readonly #id = randomUUID();
  /** What upload() has put, by the tree and the path. */
  readonly #put = new Map<string, Map<string, Known>>();

  constructor(options: S3TargetOptions) {
    this.name = options.name;
    this.archives = options.archives;
    this.#options = options;
  }

  /** Puts what no page names yet. */
  async upload(release: Release, { place, ...options }: UploadOptions): Promise<void> {
    if (place === undefined) return this.#options.bucket.until(options.signal).check();
    const { plan, state, bucket, tree } = await this.#prepare(release, place, options);
    if (plan.assets.length === 0) return;
    await state.begin(touchedBy(plan));
    await this.#putAll(plan.assets, release, { bucket, tree });
    this.#put.set(tree, new Map(plan.assets.map(({ path, sha256 }) => [path, { sha256 }])));
  }

  /** Puts what is left, the pages last, then removes what is gone. */
  async serve(release: Release, place: Place, options: ServeOptions): Promise<void> {
    const { plan, known, state, bucket, tree } = await this.#prepare(release, place, options);
    this.#put.delete(tree);
    const touched = touchedBy(plan);
    if (touched.length === 0 && isSame(known, plan.next)) return;
    if (touched.length > 0) await state.begin(touched);
    for (const stage of [plan.assets, ...plan.stages]) {
      if (!options.maySwitch()) throw superseded(this.name);
      await this.#putAll(stage, release, { bucket, tree });
    }
    if (!options.maySwitch()) throw superseded(this.name);
    await inBatches(AT_ONCE, plan.removals, (path) => bucket.remove(`${tree}${path}`));
    if (!(await state.end(plan.next)))
      options.say(
        `${this.name}: another machine has uploaded to it at the same time; the next upload looks at that again`,
      );
  }

  /** Removes the tree of a place. */
  async withdraw(owner: ReleaseOwner, place: Place, options: ServeOptions): Promise<void> {
    const { bucket, state, tree } = this.#open(owner, place, options);
    const known = [...(await state.read()).keys()];
    if (!options.maySwitch()) throw superseded(this.name);
    await state.begin(known);
    await inBatches(AT_ONCE, known, (path) => bucket.remove(`${tree}${path}`));
    await state.forget();
  }

  async check(): Promise<string> {
    await this.#options.bucket.check();
    return 'its bucket can be used';
  }

  #open(owner: ReleaseOwner, place: Place, { signal }: TargetOptions) {
    const keys = treeKeys(this.#options.prefix, owner, place);
    const bucket = this.#options.bucket.until(signal);
    return { bucket, state: new TreeState(bucket, keys, this.#id), tree: keys.tree };
  }

  async #prepare(release: Release, place: Place, options: TargetOptions) {
    const files = flatFiles(release.entries, (line) => options.say(`${this.name}: ${line}`));
    const opened = this.#open(release, place, options);
    const known = new Map([...(await opened.state.read()), ...(this.#put.get(opened.tree) ?? [])]);
    const plan: Plan = planOf(files, known, { now: Date.now(), keepMs: this.#options.keepMs });
    return { ...opened, plan, known };
  }

  async #putAll(
    files: FlatFile[],
    release: Release,
    { bucket, tree }: { bucket: Bucket; tree: string },
  ): Promise<void> {
    const put = async (file: FlatFile) => {
      const [key, headers] = [`${tree}${file.path}`, headersOf(file.path)];
      const content = release.contentOf(file.entry);
      if (file.size > SMALL_BYTES) return bucket.putStream(key, bytesOf(content, file), headers, file.size);
      const bytes = await readFile(content);
      if (bytesSha256(bytes) !== file.sha256) throw damaged(file);
      return bucket.put(key, bytes, headers);
    };
    await inBatches(
      AT_ONCE,
      files.filter(({ size }) => size <= SMALL_BYTES),
      put,
    );
    await inBatches(
      1,
      files.filter(({ size }) => size > SMALL_BYTES),
      put,
    );
  }
}

function isSame(known: Tree, next: Tree): boolean {
  const isKept = ([path, { goneAt }]: [string, Known]) => known.get(path)?.goneAt === goneAt;
  return known.size === next.size && [...next].every(isKept);
}

function bytesOf(path: string, file: FlatFile): AsyncIterable<Uint8Array> {
  const pieces = createReadStream(path, { highWaterMark: SMALL_BYTES });
  return checkedBytes(pieces, file.sha256, () => damaged(file));
}

function damaged({ path }: FlatFile): KoalaError {
  return new KoalaError('environment', `the content of ${visible(path)} is damaged on this machine`, {
    remedy: 'Run the job again.',
  });
}

function superseded(name: string): KoalaError {
  return new KoalaError('conflict', `target ${name}: another process serves the project by now`);
}
