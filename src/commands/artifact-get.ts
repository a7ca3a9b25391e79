// koalaci artifacts get: hands an archive on.
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { findShipped } from '../archives/find.js';
import { Archives } from '../archives/open.js';
import { KoalaError, messageOf } from '../job/errors.js';
import { showBytes } from '../job/quantity.js';
import { partialIn } from '../runner/partials.js';
import { say } from '../ui/print.js';
import { askedJob, type TokenFlag } from './authenticate.js';
import { artifactsAtHome } from './build-settings.js';
import { withRedis } from './redis.js';
import { openSession } from './session.js';

export async function get(text: string, flags: TokenFlag & { output?: string }): Promise<void> {
  if (flags.output === '') throw new KoalaError('bad_input', '--output: must not be empty');
  const session = openSession();
  const id = askedJob(session, text, flags);
  const shipped = await withRedis(session, (redis) => findShipped(redis, artifactsAtHome(session), id));
  const archive = await new Archives().open(shipped);
  try {
    await archive.check();
    if (flags.output === '-') return await pipeline(archive.read(), process.stdout, { end: false });
    const file = await fileFor(flags.output ?? '.', `${id.deployment}.tar.gz`);
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
