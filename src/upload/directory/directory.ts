// A target that is a directory of this machine, from which a web server serves; layout.ts says what lies where.
import { constants, renameSync, rmSync, symlinkSync } from 'node:fs';
import { access, open, readlink, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { KoalaError } from '../../job/errors.js';
import { systemWordsOfWriting } from '../../job/system-words.js';
import { makeDirectory } from '../../settings/make-directory.js';
import type {
  Place,
  Release,
  ReleaseOwner,
  ServeOptions,
  Target,
  TargetOptions,
  UploadOptions,
} from '../target.js';
import { hiddenName, nameOf, projectPath, type ReleaseName, releasesPath } from './layout.js';
import { makeTree } from './make-tree.js';
import { PreparedTree } from './prepared-tree.js';
import type { DirectoryRow } from './row.js';
import { removeReleases } from './tidy.js';

/** Errors that stay until somebody mends what is there. */
const LASTING = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENOTEMPTY',
  'ENAMETOOLONG',
]);

export class DirectoryTarget implements Target {
  readonly name: string;
  readonly #directory: string;
  /** Where each link led that was swapped, by its path: nowhere, if it was not there. */
  readonly #before = new Map<string, string | undefined>();

  constructor({ name, directory }: Pick<DirectoryRow, 'name' | 'directory'>) {
    this.name = name;
    this.#directory = directory;
  }

  async prepare(last: Release, options: TargetOptions): Promise<PreparedTree | undefined> {
    return PreparedTree.of(last, releasesPath(projectPath(this.#directory, last)), options);
  }

  async upload(release: Release, options: UploadOptions): Promise<void> {
    const path = this.#pathOf(release);
    // It gets its name once it is complete.
    if (await isDirectory(path)) return;
    const releases = dirname(path);
    const partial = join(releases, hiddenName());
    await told(this.name, async () => {
      makeDirectory(releases);
      try {
        const { prepared } = options;
        const isMade = prepared instanceof PreparedTree && (await prepared.become(partial, release, options));
        if (!isMade) await makeTree(partial, release, options);
        await rename(partial, path).catch((error) => unlessThere(error, path));
        await flush(releases);
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    });
  }

  async serve(release: Release, place: Place, options: ServeOptions): Promise<void> {
    await this.upload(release, options);
    const link = join(projectPath(this.#directory, release), place);
    const target = relative(dirname(link), this.#pathOf(release));
    const before = await readlink(link).catch(() => undefined);
    if (before === target) return;
    this.#before.set(link, before);
    await told(this.name, () => swap(link, target, options));
  }

  async withdraw(owner: ReleaseOwner, place: Place, options: ServeOptions): Promise<void> {
    const link = join(projectPath(this.#directory, owner), place);
    const before = this.#before.get(link);
    if (before !== undefined) return told(this.name, () => swap(link, before, options));
    await told(this.name, async () => {
      switching(options);
      rmSync(link, { force: true });
    });
  }

  async tidy(owner: ReleaseOwner, kept: readonly ReleaseName[]): Promise<void> {
    const project = projectPath(this.#directory, owner);
    await told(this.name, () => removeReleases(project, new Set(kept.map(nameOf))));
  }

  async check(objects: string): Promise<string> {
    return told(this.name, async () => {
      makeDirectory(this.#directory);
      await access(this.#directory, constants.W_OK | constants.X_OK);
      const [here, there] = await Promise.all([stat(this.#directory), stat(objects).catch(() => undefined)]);
      const isLinked = there === undefined || here.dev === there.dev;
      return `${this.#directory}, ${isLinked ? 'by hard links' : 'copied: it is on another disk than the data directory'}`;
    });
  }

  #pathOf(release: Release): string {
    return join(releasesPath(projectPath(this.#directory, release)), nameOf(release));
  }
}

/** Has a link lead elsewhere, whether it is there or not. */
async function swap(link: string, target: string, options: ServeOptions): Promise<void> {
  makeDirectory(dirname(link));
  const partial = join(dirname(link), hiddenName());
  symlinkSync(target, partial);
  try {
    switching(options);
    // rename(2): whoever opens it meanwhile gets the one or the other.
    renameSync(partial, link);
  } finally {
    rmSync(partial, { force: true });
  }
  await flush(dirname(link));
}

/** Right before something that is served changes: nothing may be waited for after that. */
function switching({ signal, maySwitch }: ServeOptions): void {
  signal.throwIfAborted();
  if (!maySwitch()) throw new Error('this process was stopped for too long: another one may switch by now');
}

/** An error of the file system, in words for users: they name no path. */
async function told<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || !(cause instanceof Error) || cause.name === 'AbortError') throw cause;
    const kind = LASTING.has(code) ? 'conflict' : 'environment';
    throw new KoalaError(kind, `the target ${name} cannot be written: ${wordsOf(cause)}`, {
      remedy: '"koalaci doctor" checks each target.',
      cause,
    });
  }
}

/** Without the path, which Node.js says in `EACCES: permission denied, mkdir '/srv/…'`. */
function wordsOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'EEXIST') return 'a file is where its directory should be';
  return systemWordsOfWriting(error).replace(/, \w+ ['<].*$/s, '');
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

/** Another build of the same deployment may have put the same release there meanwhile. */
async function unlessThere(error: unknown, path: string): Promise<void> {
  if (!(await isDirectory(path))) throw error;
}

/** Has what was done in a directory on the disk: what the link leads to must be there after a loss of power, too. */
async function flush(directory: string): Promise<void> {
  await using handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  await handle.sync();
}
