// Releases as targets get them, of files in a directory, without a build.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListedEntry } from '../../src/artifact/listing.js';
import type { DeploymentId, ProjectId, UserId } from '../../src/job/identity.js';
import type { Release } from '../../src/upload/target.js';

/** A release with these files; their contents are written to `directory`. */
export async function releaseOf(
  directory: string,
  files: Record<string, string | Buffer>,
  of: { user?: string; project?: string; more?: ListedEntry[] } = {},
): Promise<Release> {
  const { user = 'ann', project = 'site', more = [] } = of;
  const contents = Object.entries(files).map(([path, content]) => ({
    ...{ path, type: 'file' as const, mode: '644', size: Buffer.byteLength(content) },
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  const directories = new Set(Object.keys(files).flatMap(directoriesOf));
  const entries = [
    ...[...directories].map((path) => ({ path, type: 'directory' as const, mode: '755' })),
    ...contents,
    ...more,
  ];
  await mkdir(directory, { recursive: true });
  for (const { sha256, path } of contents) await writeFile(join(directory, sha256), files[path] ?? '');
  return {
    ...{ user: user as UserId, project: project as ProjectId, deployment: 'd1' as DeploymentId },
    ...{ repo: 'https://example.org/site.git', branch: 'main', commit: 'c'.repeat(40), createdAt: 0 },
    digest: createHash('sha256').update(JSON.stringify(entries)).digest('hex'),
    entries,
    list: listOf(entries),
    contentOf: ({ sha256 = '' }) => join(directory, sha256),
  };
}

/** A list of entries as it stands in a manifest. */
export function listOf(entries: readonly ListedEntry[]): string {
  return entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
}

/** The directories that a path is in, from the top. */
function directoriesOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
