// A dist directory as a build container lists it, by the program that does that, and the contents that it sends then.
import { once } from 'node:events';
import { resolve } from 'node:path';
import { execa } from 'execa';

const PROGRAM = resolve(import.meta.dirname, '../../ci/steps/artifact-list.py');

export interface ListedOptions {
  /** What a runner answers to a list, once that is complete. */
  answer: (list: Buffer) => string | Promise<string>;
  without?: string[];
  entries?: number;
  bytes?: number;
}

/** Lists a directory. Returns the list, and the contents that were wanted. */
export async function listed(
  directory: string,
  { answer, without = [], entries = 10_000, bytes = 1 << 30 }: ListedOptions,
): Promise<{ list: Buffer; contents: Buffer }> {
  const args = ['-I', PROGRAM, directory, '2', String(entries), String(bytes), ...without];
  const program = execa('python3', args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    buffer: { fd3: false },
    encoding: 'buffer',
  });
  const pieces: Buffer[] = [];
  program.stdio[3]?.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise((done) => program.stdio[3]?.once('close', done));
  await once(program.stdout, 'data');
  const list = await whole(pieces);
  try {
    program.stdin.write(`${await answer(list)}\n`);
  } catch (error) {
    program.kill();
    await program.catch(() => {});
    throw error;
  }
  await Promise.all([program, ended]);
  return { list, contents: Buffer.concat(pieces).subarray(list.length) };
}

/** All of the list, whose end is a NUL after that of its last entry, or at its start. It is on its way. */
async function whole(pieces: Buffer[]): Promise<Buffer> {
  for (;;) {
    const list = Buffer.concat(pieces);
    if (list.toString('latin1').split('\0').length % 3 === 2) return list;
    await new Promise(setImmediate);
  }
}
