// Finds the directories of objects that a local repository borrows from others, as clones made with --shared or --reference do.
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';

/** git follows no longer chains. */
const LONGEST_CHAIN = 5;

/**
 * The directories of objects that a repository borrows, without links. Those that are gone are left out, and so are those that
 * the repository's owner may not read: whoever writes the list of them must not get at the files of others.
 * @param gitDirectory with `objects` in it
 */
export async function borrowedObjects(gitDirectory: string): Promise<string[]> {
  const { uid } = await stat(gitDirectory);
  const found = new Set<string>();
  let from = [join(gitDirectory, 'objects')];
  for (let at = 0; at < LONGEST_CHAIN && from.length > 0; at++) {
    const named = await Promise.all(from.map(alternatesOf));
    from = [];
    for (const path of named.flat()) {
      const objects = await realpath(path).catch(() => undefined);
      if (!objects || found.has(objects) || !(await isObjects(objects)) || !(await mayRead(objects, uid)))
        continue;
      found.add(objects);
      from.push(objects);
    }
  }
  return [...found];
}

/** What `info/alternates` names, one path a line: see gitrepository-layout(5). */
async function alternatesOf(objects: string): Promise<string[]> {
  const text = await readFile(join(objects, 'info/alternates'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => (isAbsolute(line) ? line : join(objects, line)));
}

async function isObjects(path: string): Promise<boolean> {
  return stat(join(path, 'pack')).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Whether a user may list a directory, by its modes and those of the directories above it; groups do not count. */
export async function mayRead(path: string, uid: number): Promise<boolean> {
  if (uid === 0) return true;
  const allows = async (directory: string, bits: number) => {
    const found = await stat(directory);
    const wanted = found.uid === uid ? bits << 6 : bits;
    return (found.mode & wanted) === wanted;
  };
  const LIST = 5;
  const ENTER = 1;
  if (!(await allows(path, LIST))) return false;
  for (let above = dirname(path); above !== '/'; above = dirname(above))
    if (!(await allows(above, ENTER))) return false;
  return true;
}
