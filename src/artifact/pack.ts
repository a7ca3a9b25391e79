// The process that packs a dist directory: it reads its task and then the tar on stdin, and answers with two lines of JSON: which
// secrets are in it, then what was packed. Or it reads a list, says in a line before those two which contents are wanted, and reads these.
//
// A process of its own, because what is in the tar is a stranger's: it can be killed, its memory has a bound, and koalaci does
// something else meanwhile. It ends when its stdin does, or by SIGKILL; other signals are for koalaci, which ends it.
import { earlierContents } from './earlier-artifacts.js';
import { ListPacker } from './list-packer.js';
import type { PackAnswer } from './pack-answer.js';
import type { PackOptions } from './pack-options.js';
import { Packer } from './packer.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const NEWLINE = 0x0a;

/** Reads the task, a line of JSON, then the tar. Writes the archive, and the answer to stdout. */
export async function pack(): Promise<void> {
  for (const signal of SIGNALS) process.on(signal, () => {});
  const input = process.stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const { options, rest } = await readTask(input);
  // Nobody needs an archive without koalaci, or of a build that stopped before.
  if (!options) return;
  const packer = await packerFor(options);
  const answer = await packed(packer, rest, input).catch(failed);
  if (!('packed' in answer)) await packer.abort();
  process.stdout.on('error', () => void packer.abort());
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  // After a cause there may be more of the tar.
  process.stdin.destroy();
}

/** While the build runs, it learns what the branch has shipped before. */
async function packerFor({ listed, ...options }: PackOptions): Promise<Packer | ListPacker> {
  if (!listed) return new Packer(options);
  const earlier = await earlierContents(listed.earlier, options.objects.directory);
  const onWanted = (wanted: string) => void process.stdout.write(`${JSON.stringify({ wanted })}\n`);
  return new ListPacker({ ...options, earlier, searchKey: listed.searchKey, onWanted });
}

async function readTask(
  input: AsyncIterator<Buffer>,
): Promise<{ options?: PackOptions | undefined; rest: Buffer }> {
  let read = Buffer.alloc(0);
  for (let end = -1; ; ) {
    end = read.indexOf(NEWLINE);
    if (end !== -1)
      return { options: JSON.parse(read.subarray(0, end).toString()), rest: read.subarray(end + 1) };
    const { done, value } = await input.next();
    if (done) return { rest: read };
    read = Buffer.concat([read, value]);
  }
}

async function packed(
  packer: Packer | ListPacker,
  first: Buffer,
  input: AsyncIterator<Buffer>,
): Promise<PackAnswer> {
  for (let data: Buffer | undefined = first; data && !packer.cause; ) {
    if (data.length > 0) packer.write(data);
    await packer.ready();
    const { done, value }: IteratorResult<Buffer> = await input.next();
    data = done ? undefined : value;
  }
  // Before the archive is complete: the container waits for it.
  process.stdout.write(`${JSON.stringify(packer.findings)}\n`);
  const outcome = await packer.close();
  const { noted, hosting } = packer;
  return 'reason' in outcome ? { ...noted, cause: outcome } : { ...noted, packed: outcome, hosting };
}

function failed(error: unknown): PackAnswer {
  const { code } = error as NodeJS.ErrnoException;
  return {
    error: error instanceof Error ? error.message : String(error),
    isFull: code === 'ENOSPC' || code === 'EDQUOT',
  };
}
