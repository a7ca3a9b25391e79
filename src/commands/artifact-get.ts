// koalaci artifacts get: hands an archive on, or a file of it.
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Anywhere } from '../archives/anywhere.js';
import { findShipped } from '../archives/find.js';
import { KoalaError, messageOf } from '../job/errors.js';
import { showBytes } from '../job/quantity.js';
import { partialIn } from '../runner/partials.js';
import { say } from '../ui/print.js';
import { askedJob, type TokenFlag } from './authenticate.js';
import { artifactsAtHome, targetSettings } from './build-settings.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export async function get(
  text: string,
  flags: TokenFlag & { output?: string; file?: string },
): Promise<void> {
  if (flags.output === '') throw new KoalaError('bad_input', '--output: must not be empty');
  const session = openSession();
  const id = askedJob(session, text, flags);
  const artifacts = artifactsAtHome(session);
  const shipped = await withRedis(session, (redis) => findShipped(redis, artifacts, id));
  const shippedFiles = new Anywhere(artifacts, targetSettings(session).open);
  const { file: path } = flags;
  const archive = await (path === undefined
    ? shippedFiles.archive(shipped)
    : shippedFiles.file(shipped, path));
  try {
    await archive.check();
    if (flags.output === '-') return await pipeline(archive.read(), process.stdout, { end: false });
    const name = path === undefined ? `${id.deployment}.tar.gz` : basename(path);
    const file = await fileFor(flags.output ?? '.', name);
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
    throw new KoalaError('environment', `${file} cannot be written: ${messageOf(cause)}`, {
      remedy: 'Name another file with --output.',
      cause,
    });
  } finally {
    await rm(partial, { force: true });
  }
}
