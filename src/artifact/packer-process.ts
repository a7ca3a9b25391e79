// The process that packs a dist directory, from koalaci's side: starts it, hands it the tar, has its answer, ends it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Cause } from '../job/ending.js';
import { ANSWER_BYTES, type PackAnswer } from './pack-answer.js';
import type { PackOptions } from './packer.js';

/** Node itself, the names of all links (limits.ts), and what else does not depend on how many entries there are. */
const BASE_MEMORY_MB = 96;
/** What is remembered of an entry: 160 to 350 bytes, whatever its name is (measured). The collector works best with twice that. */
const ENTRY_BYTES = 768;

export class PackerProcess {
  readonly #process: ChildProcess;
  readonly #answer: Promise<PackAnswer>;
  #known: PackAnswer | undefined;

  /**
   * Starts it, with memory for `entries` entries. While it loads, the build goes on.
   * @param program koalaci's own file, to be run with the argument `pack`
   */
  constructor(entries: number, program = process.argv[1] ?? '') {
    const megabytes = memoryFor(entries);
    this.#process = spawn(process.execPath, [`--max-old-space-size=${megabytes}`, program, 'pack'], {
      // A group of its own: Ctrl-C is for koalaci. And none of koalaci's secrets.
      detached: true,
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    // It has answered, or died: the answer says so.
    this.#process.stdin?.on('error', () => {});
    this.#answer = answerOf(this.#process, megabytes).then((answer) => {
      this.#known = answer;
      return answer;
    });
  }

  /** The cause that ends the build, once it is known. */
  get cause(): Cause | undefined {
    return this.#known && 'cause' in this.#known ? this.#known.cause : undefined;
  }

  /** What it is to do with the tar that follows. */
  begin(options: PackOptions): void {
    this.#process.stdin?.write(`${JSON.stringify(options)}\n`);
  }

  /** Hands it a piece of the tar. */
  write(data: Buffer): void {
    if (!this.#known) this.#process.stdin?.write(data);
  }

  /** A promise while it has more than it can take. */
  ready(): Promise<unknown> | undefined {
    const { stdin } = this.#process;
    if (this.#known || !stdin?.writableNeedDrain) return undefined;
    return Promise.race([once(stdin, 'drain').catch(() => {}), this.#answer]);
  }

  /** Says that this was all of the tar. Returns the answer; one that says so if it has died. */
  async end(): Promise<PackAnswer> {
    this.#process.stdin?.end();
    return this.#answer;
  }

  /** Ends it, whatever it does. Returns when it is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#answer;
  }
}

/** Megabytes of heap, by what it remembers of each entry. */
export function memoryFor(entries: number): number {
  return BASE_MEMORY_MB + Math.ceil((entries * ENTRY_BYTES) / 1024 ** 2);
}

/** Its answer, once it has ended. */
async function answerOf(packer: ChildProcess, megabytes: number): Promise<PackAnswer> {
  let said = '';
  packer.stdout?.on('data', (data) => {
    if (said.length <= ANSWER_BYTES) said += data;
  });
  const how = await new Promise<string>((resolve) => {
    packer.once('error', (error) => resolve(error.message));
    packer.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  if (said.endsWith('\n')) return JSON.parse(said) as PackAnswer;
  return { error: `the process that packs it ended early (${how}); it may have ${megabytes} MB of memory` };
}
