// Decides which entries belong in the artifact's archive, so that it never leads out of itself, whatever unpacks it. Pure.
//
// Each directory of the archive is one of its entries, and nothing is below anything else. A link's target goes up only at its
// start, and never above the top. So where the walk along a target begins, and where it goes up, there are real directories;
// and what it meets later are such links again. Links are written last: while files are unpacked, there is none.
import { type Kind, Names } from './names.js';
import type { TarEntry } from './tar-reader.js';

/** A name that is empty or `.` among those of a path. */
const SUPERFLUOUS = /(^|\/)\.?(\/|$)/;

/** What each type of tar entries is. */
const KINDS: Record<string, Kind> = { '0': 'file', '1': 'file', '2': 'link', '5': 'directory', '7': 'file' };

/** Whether an entry is let in: then whether one before differs from it by case or normalisation only; or why not. */
export type Admission = { why: string } | { why?: undefined; isAlike: boolean };

export class Entries {
  readonly #names = new Names();

  /**
   * Lets an entry in, or says why it is left out: an empty text when nobody needs to know. Its path is one of inner(). To be
   * asked once of each entry, in their order.
   */
  admit(entry: TarEntry): Admission {
    const why = this.#whyLeftOut(entry);
    if (why !== undefined) return { why };
    const isAlike = this.#names.hasAlike(entry.path);
    this.#names.add(entry.path, KINDS[entry.type] ?? 'file');
    return { isAlike };
  }

  /**
   * Why a link that was let in is left out once all entries are known: where case does not count, it could take the place of a directory, and
   * what is in that would be unpacked elsewhere.
   */
  whyLinkLeftOut(path: string): string | undefined {
    return this.#names.isLikeDirectory(path)
      ? 'a link that differs from a directory by case only'
      : undefined;
  }

  #whyLeftOut({ type, path, target }: TarEntry): string | undefined {
    if (path === '' || isGits(path)) return '';
    if (escapes(path)) return 'a name that leads out of the dist directory';
    if (this.#names.kindOf(path)) return 'another entry has the same name';
    const above = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (above !== '' && this.#names.kindOf(above) !== 'directory')
      return 'it is in a directory that is left out';
    if (type === '2') return whyLinkLeadsOut(path, target);
    if (type === '1') return whyHardLinkLeftOut(target, this.#names);
    return type in KINDS ? undefined : 'neither a file, a directory nor a link';
  }
}

/** A path or the target of a hard link in its shortest form, empty for the dist directory itself. Nobody's `..` is resolved. */
export function inner(path: string): string {
  // Nearly all are: it is asked of each entry.
  if (!SUPERFLUOUS.test(path)) return path;
  return partsOf(path, '/').join('/');
}

/** Whether it is git's own directory, or in that. */
export function isGits(path: string): boolean {
  return path === '.git' || path.startsWith('.git/');
}

/** How many directories a path is in. */
export function depthOf(path: string): number {
  return path.split('/').length - 1;
}

/** A hard link to a link would be that link in another directory, where its target is another one. */
function whyHardLinkLeftOut(target: string, names: Names): string | undefined {
  return names.kindOf(inner(target)) === 'file'
    ? undefined
    : 'a hard link to what is no file of the artifact';
}

function whyLinkLeadsOut(path: string, target: string): string | undefined {
  // On Windows, a backslash separates names too, and a drive comes before.
  const parts = partsOf(target, /[/\\]/);
  const isAbsolute = /^([/\\]|[A-Za-z]:[/\\])/.test(target);
  const named = parts.findIndex((part) => part !== '..');
  const ups = named === -1 ? parts.length : named;
  if (isAbsolute || ups > depthOf(path)) return 'a link that leads out of the dist directory';
  return parts.includes('..', ups)
    ? 'a link whose way goes up again, maybe out of the dist directory'
    : undefined;
}

function escapes(path: string): boolean {
  return /(^|[/\\])\.\.([/\\]|$)|^\\|^[A-Za-z]:\\/.test(path);
}

function partsOf(path: string, separator: string | RegExp): string[] {
  return path.split(separator).filter((part) => part !== '' && part !== '.');
}
