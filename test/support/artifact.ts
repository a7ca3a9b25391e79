// Reads artifacts.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { list, type ReadEntry } from 'tar';

/** Path → content of every file in an archive; links as `-> target`. */
export async function filesIn(archive: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const pending: Promise<void>[] = [];
  const keep = async (entry: ReadEntry) => {
    files[entry.path] = (await entry.concat()).toString('latin1');
  };
  await list({
    file: archive,
    onReadEntry: (entry: ReadEntry) => {
      if (entry.type === 'Directory') return;
      if (entry.type === 'SymbolicLink') files[entry.path] = `-> ${entry.linkpath}`;
      else pending.push(keep(entry));
    },
  });
  await Promise.all(pending);
  return files;
}

/** Path → content of every file below a directory, as filesIn() has them. */
export async function filesUnder(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pairs = files.map(
    async (path) => [path.slice(directory.length + 1), await readFile(path, 'latin1')] as const,
  );
  return Object.fromEntries(await Promise.all(pairs));
}

export async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
