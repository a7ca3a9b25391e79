// What tree-reader.sh says of a repository. Pure.
import * as z from 'zod';

/** An entry of a commit's tree that is no directory. */
export interface TreeEntry {
  /** `100644`, `100755`, `120000` for a link, `160000` for a submodule. */
  mode: string;
  id: string;
  /** In latin1, a letter for each byte: not all names are UTF-8. */
  path: string;
}

/** Where a branch or tag is. */
export interface Refs {
  commit: string;
  /** The branch that the remote's HEAD names. */
  defaultBranch: string | undefined;
  /** A hash of all tags. */
  tags: string;
  /** Whether it is checked out without a branch. */
  isDetached: boolean;
}

/** The tree of a commit. */
export interface Tree {
  id: string;
  entries: TreeEntry[];
  /** The paths that differ from another commit; undefined if that one is not known any more. */
  changed: string[] | undefined;
  /** The manifests and lockfiles, by the id of the blob. */
  texts: ReadonlyMap<string, string>;
}

/** Why there is no answer, in words that follow "its repository" or "its server". */
export interface Unanswered {
  failure: string;
  message: string;
}

const EMPTY = '\0\0';

/** The pairs at the start of an answer, and how many letters they have; undefined while they are not complete. */
export function pairsIn(
  answer: string,
): { pairs: Record<string, string | undefined>; length: number } | undefined {
  const end = answer.indexOf(EMPTY);
  if (end === -1) return undefined;
  const pairs = answer
    .slice(0, end)
    .split('\0')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  return { pairs: Object.fromEntries(pairs), length: end + EMPTY.length };
}

const RefPairs = z.object({
  commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  default_branch: z.string(),
  tags: z.string(),
  detached: z.string(),
});

/** Reads them as refs. They are bytes: a name in them is UTF-8. */
export function refsOf(pairs: Record<string, string | undefined>): Refs {
  const { commit, default_branch, tags, detached } = RefPairs.parse(pairs);
  const defaultBranch = Buffer.from(default_branch, 'latin1').toString() || undefined;
  return { commit, tags, defaultBranch, isDetached: detached === '1' };
}

/** Reads what follows the pairs of the second answer. `since`: whether it was asked what has changed since a commit. */
export function treeOf(id: string, rest: string, since: boolean): Tree {
  // Each list ends with an empty entry; one without entries is that alone.
  const entries = listIn(rest, 0);
  const changed = listIn(rest, entries.end);
  return {
    id,
    entries: entries.items.map(entryOf),
    changed: since && changed.items.length > 0 ? changed.items : undefined,
    texts: textsIn(Buffer.from(rest.slice(changed.end), 'latin1')),
  };
}

function listIn(text: string, start: number): { items: string[]; end: number } {
  const items: string[] = [];
  for (let at = start; ; ) {
    const end = text.indexOf('\0', at);
    if (end === -1) throw new Error('the answer of the tree reader was cut off');
    if (end === at) return { items, end: end + 1 };
    items.push(text.slice(at, end));
    at = end + 1;
  }
}

/** As git ls-tree prints one: mode, type, id, and after a tab the path. */
function entryOf(line: string): TreeEntry {
  const [mode = '', , id = ''] = line.split(/[ \t]/, 3);
  return { mode, id, path: line.slice(line.indexOf('\t') + 1) };
}

/** As git cat-file --batch prints them: a line with id, type and size, then the content and a line end. */
function textsIn(bytes: Buffer): Map<string, string> {
  const texts = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\n', at);
    const [id = '', type, size] = bytes.toString('latin1', at, end).split(' ');
    const length = type === 'blob' ? Number(size) : -1;
    if (length >= 0) texts.set(id, bytes.toString('utf8', end + 1, end + 1 + length));
    at = end + 1 + length + 1;
  }
  return texts;
}
