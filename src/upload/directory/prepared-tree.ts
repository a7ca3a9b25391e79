// The tree of a release, once more and ready before the next release is: that one is often the same but for a few files.
import { unlinkSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../../settings/make-directory.js';
import type { PreparedUpload, Release, TargetOptions } from '../target.js';
import { changesBetween } from './changes.js';
import { hiddenName } from './layout.js';
import { addTo, makeTree, realPath } from './make-tree.js';

/** With fewer entries it takes no time to make a tree: a link takes some 10 microseconds (measured on ext4). */
const WORTH_ENTRIES = 1_000;

export class PreparedTree implements PreparedUpload {
  readonly #last: Release;
  readonly #path: string;

  private constructor(last: Release, path: string) {
    this.#last = last;
    this.#path = path;
  }

  /** Makes it in the directory of a project's releases. Undefined where it is not worth it, or contents would have to be copied. */
  static async of(
    last: Release,
    releases: string,
    options: TargetOptions,
  ): Promise<PreparedTree | undefined> {
    const file = last.entries.find(({ type }) => type === 'file');
    if (last.entries.length < WORTH_ENTRIES || !file) return undefined;
    makeDirectory(releases);
    const [there, content] = await Promise.all([stat(releases), stat(last.contentOf(file))]);
    if (there.dev !== content.dev) return undefined;
    const path = join(releases, hiddenName());
    try {
      await makeTree(path, last, options);
      return new PreparedTree(last, path);
    } catch (error) {
      await rm(path, { recursive: true, force: true });
      throw error;
    }
  }

  /** Has it become the tree of a release, at another path beside it. Returns false when the whole tree has to be made there. */
  async become(path: string, release: Release, options: TargetOptions): Promise<boolean> {
    if (dirname(path) !== dirname(this.#path)) return false;
    try {
      const changes = changesBetween(this.#last, release);
      if (!changes) return false;
      await rename(this.#path, path);
      for (const { path: name } of changes.gone) unlinkSync(realPath(path, name));
      await addTo(path, release, changes.come, options);
      return true;
    } catch {
      // Whoever makes the whole tree says what is wrong, if anything is.
      options.signal.throwIfAborted();
      await rm(path, { recursive: true, force: true });
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#path, { recursive: true, force: true });
  }
}
