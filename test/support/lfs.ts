// Files in Git LFS: the pointer to a content that git has, and the content itself, where the test servers look for it.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The name under which LFS keeps a content. */
const oidOf = (content: string) => createHash('sha256').update(content).digest('hex');

export const pointerTo = (content: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(content)}\nsize ${content.length}\n`;

/** Stores a content in a repository that is served. */
export async function storeLfs(repository: string, content: string): Promise<void> {
  const directory = join(repository, 'lfs');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, oidOf(content)), content);
}
