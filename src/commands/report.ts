// koalaci report: writes a page about a deployment into a file.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { KoalaError } from '../job/errors.js';
import { systemWordsOfWriting } from '../job/system-words.js';
import { print, say } from '../ui/print.js';
import { withDeployment } from './backend/open.js';
import type { Backed } from './named-service.js';

interface ReportFlags extends Backed {
  output?: string;
}

export async function report(text: string, flags: ReportFlags): Promise<void> {
  const { output = `${text}.html` } = flags;
  if (output === '') throw new KoalaError('bad_input', '--output: must not be empty');
  await withDeployment(text, flags, async (backend, id) => {
    const page = await backend.report(id);
    if (output === '-') await pipeline(page, process.stdout, { end: false });
    else await writeWhole(page, resolve(output));
  });
  if (output === '-') return;
  say(`wrote a report of ${text}; open it in a browser\n`);
  print(`${resolve(output)}\n`);
}

/** What is in that place stays until all of the page is there. */
async function writeWhole(page: Readable, path: string): Promise<void> {
  const partial = `${path}.${randomUUID().slice(0, 8)}.partial`;
  try {
    await pipeline(page, createWriteStream(partial, { flags: 'wx' }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new KoalaError(
      'bad_input',
      `the report cannot be written to ${path}: ${systemWordsOfWriting(error)}`,
      {
        remedy: 'Name another file with --output, or "-" for standard output.',
        cause: error,
      },
    );
  }
}
