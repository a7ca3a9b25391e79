// A builder image of a test's own: the builder image with some of its files replaced.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { docker } from './docker.js';

export const BUILDER = process.env.KOALACI_IMAGE || 'koalaci:latest';
let made = 0;

/** Makes it for one test, with these programs by their absolute paths. Returns its name. */
export async function builderWith(programs: Record<string, string>): Promise<string> {
  const name = `koalaci-test-builder:${process.pid}-${made++}`;
  const directory = await mkdtemp(join(tmpdir(), 'koala-image-'));
  const container = await docker('create', BUILDER, 'true');
  try {
    for (const [path, text] of Object.entries(programs)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text, { mode: 0o755 });
    }
    await docker('cp', `${directory}/.`, `${container}:/`);
    await docker('commit', container, name);
  } finally {
    await docker('rm', container);
    await rm(directory, { recursive: true, force: true });
  }
  onTestFinished(async () => void (await docker('image', 'rm', '--force', name).catch(() => {})));
  return name;
}

/** The text of a file in the builder image. */
export function fileOfBuilder(path: string): Promise<string> {
  return docker('run', '--rm', BUILDER, 'cat', path);
}
