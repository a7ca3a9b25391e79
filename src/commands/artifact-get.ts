// koalaci artifacts get: hands an archive on, or a file of it.
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { KoalaError } from '../job/errors.js';
import type { DeploymentId } from '../job/identity.js';
import { showBytes } from '../job/quantity.js';
import { systemWordsOfWriting } from '../job/system-words.js';
import { partialIn } from '../runner/partials.js';
import { say } from '../ui/print.js';
import type { Backend } from './backend/backend.js';
import { withDeployment } from './backend/open.js';
import type { Backed } from './named-service.js';

export async function get(text: string, flags: Backed & { output?: string; file?: string }): Promise<void> {
  if (flags.output === '') throw new KoalaError('bad_input', '--output: must not be empty');
  await withDeployment(text, flags, (backend, id) => fetchArtifact(backend, id, flags));
}

/** Copies an archive, or a file of it, to where it is wanted. */
export async function fetchArtifact(
  backend: Backend,
  id: DeploymentId,
  { output = '.', file: path }: { output?: string; file?: string },
): Promise<void> {
  const archive = await (await backend.artifacts()).open(id, path);
  try {
    await archive.check();
    if (output === '-') return await pipeline(archive.read(), process.stdout, { end: false });
    const name = path === undefined ? `${id}.tar.gz` : basename(path);
    const file = await fileFor(output, name);
    await place(archive.read(), file);
    say(`${file} (${showBytes(archive.size)})\n`);
  } finally {
    await archive.close();
  }
}

/** Where an archive goes: a file, or a directory. */
async function fileFor(output: string, name: string): Promise<string> {
  const isDirectory = await stat(output).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isDirectory ? join(output, name) : output;
}

/** Writes a file under another name first, so that nobody sees half of it. */
async function place(bytes: NodeJS.ReadableStream, file: string): Promise<void> {
  const partial = partialIn(dirname(resolve(file)));
  try {
    await pipeline(bytes, createWriteStream(partial, { flags: 'wx' }));
    await rename(partial, file);
  } catch (cause) {
    // What the bytes come from has said what is wrong.
    if (cause instanceof KoalaError) throw cause;
    throw new KoalaError('environment', `${file} cannot be written: ${systemWordsOfWriting(cause)}`, {
      remedy: 'Name another file with --output.',
      cause,
    });
  } finally {
    await rm(partial, { force: true });
  }
}
