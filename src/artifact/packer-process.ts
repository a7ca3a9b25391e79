// The process that packs a dist directory, from koalaci's side: starts it, hands it the tar, has its answer, ends it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Cause } from '../job/ending.js';
import { ANSWER_BYTES, type PackAnswer } from './pack-answer.js';
import type { PackOptions } from './pack-options.js';
import type { Finding } from './secret-search.js';

/** Node itself, the names of all links (limits.ts), and what else does not depend on how many entries there are. */
const BASE_MEMORY_MB = 96;
/** Most bytes that it says of one secret that it finds. */
const FINDING_BYTES = 2048;
/** What is remembered of an entry: 160 to 350 bytes, whatever its name is (measured). The collector works best with twice that. */
const ENTRY_BYTES = 768;
/** The forms of a secret: 8,000 bytes for one of 70 letters (measured). */
const SECRET_BYTES = 12 * 1024;

/** How many of them there may be. */
interface Expected {
  entries: number;
  secrets: number;
}

export class PackerProcess {
  readonly #process: ChildProcess;
  readonly #answer: Promise<PackAnswer>;
  readonly #said: Said;
  #known: PackAnswer | undefined;

  /**
   * Starts it, with memory for as many entries, and for secrets to search them for. While it loads, the build goes on.
   * @param program koalaci's own file, to be run with the argument `pack`
   */
  constructor({ entries, secrets }: Expected, program = process.argv[1] ?? '') {
    const megabytes = memoryFor({ entries, secrets });
    this.#process = spawn(process.execPath, [`--max-old-space-size=${megabytes}`, program, 'pack'], {
      // A group of its own: Ctrl-C is for koalaci. And none of koalaci's secrets.
      detached: true,
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    // It has answered, or died: the answer says so.
    this.#process.stdin?.on('error', () => {});
    this.#said = new Said(this.#process);
    this.#answer = answerOf(this.#process, this.#said, megabytes).then((answer) => {
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
    // For each entry of a list it says whether that is wanted.
    const answers = options.listed ? options.limits.entries : 0;
    this.#said.mostBytes += options.secrets.length * FINDING_BYTES + answers;
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

  /** Says that this was all of the tar. Returns which secrets are in it; none if it has failed, which the answer says. */
  async findings(): Promise<Finding[]> {
    this.#process.stdin?.end();
    await Promise.race([this.#said.hasFindings, this.#answer]);
    return this.#said.findings;
  }

  /** Which contents of the list are wanted, which has ended; undefined if it has failed, which the answer says. */
  async wanted(): Promise<string | undefined> {
    await Promise.race([this.#said.hasWanted, this.#answer]);
    return this.#said.wanted;
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

/** Megabytes of heap, by what it remembers of each entry and each secret. */
function memoryFor({ entries, secrets }: Expected): number {
  return BASE_MEMORY_MB + Math.ceil((entries * ENTRY_BYTES + secrets * SECRET_BYTES) / 1024 ** 2);
}

/** What the process writes: a line with what is wanted, after a list; one with what it found, if it comes so far; and its answer. */
class Said {
  mostBytes = ANSWER_BYTES;
  wanted: string | undefined;
  findings: Finding[] = [];
  answer: PackAnswer | undefined;
  #sayWanted = (): void => {};
  #sayFindings = (): void => {};
  /** These resolve when it has said so. */
  readonly hasWanted = new Promise<void>((resolve) => {
    this.#sayWanted = resolve;
  });
  readonly hasFindings = new Promise<void>((resolve) => {
    this.#sayFindings = resolve;
  });
  #cut = '';
  #bytes = 0;

  constructor({ stdout }: ChildProcess) {
    stdout?.on('data', (data: Buffer) => {
      this.#bytes += data.length;
      if (this.#bytes > this.mostBytes) return;
      const lines = (this.#cut + data).split('\n');
      this.#cut = lines.pop() ?? '';
      for (const line of lines) this.#line(JSON.parse(line));
    });
  }

  #line(line: { wanted: string } | Finding[] | PackAnswer): void {
    if (Array.isArray(line)) {
      this.findings = line;
      this.#sayFindings();
    } else if ('wanted' in line) {
      this.wanted = line.wanted;
      this.#sayWanted();
    } else this.answer = line;
  }
}

/** Its answer, once it has ended. */
async function answerOf(packer: ChildProcess, said: Said, megabytes: number): Promise<PackAnswer> {
  const how = await new Promise<string>((resolve) => {
    packer.once('error', (error) => resolve(error.message));
    packer.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const error = `the process that packs it ended early (${how}); it may have ${megabytes} MB of memory`;
  return said.answer ?? { error };
}
