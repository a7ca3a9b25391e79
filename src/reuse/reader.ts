// Reads repositories without building them: asks a process in a container of ours. git never runs on the host.
import type { DockerStream } from '../docker/cli.js';
import { execInContainer } from '../docker/container.js';
import { type EngineError, engineError, isFailure } from '../docker/errors.js';
import { settledWithin } from '../job/settled-within.js';
import { pairsIn, type Refs, refsOf, type Tree, treeOf, type Unanswered } from './tree.js';
import { startTrees, type TreesContainer } from './trees-container.js';

const READER = '/koala/steps/tree-reader.sh';
/** As in tree-reader.sh. */
const READER_VERSION = '1';
/** A repository that answers no faster than this is built. */
const PATIENCE_MS = 20_000;
/** Bytes of an answer: more than a tree of a hundred thousand files has. */
const MOST_BYTES = 256 * 1024 ** 2;
const MOST_SAID = 4_096;
const TRIES = 4;
/** The word that asks for the tree. */
const FILES = 'files\0';

/** What to ask. */
export interface TreeRequest {
  /** As readerHead() makes it. */
  head: string;
  /** As makeTreeRequest() does. */
  job: Buffer;
}

/** A repository that is being read. Disposing of it ends the process. */
export class TreeReader implements Disposable {
  readonly #process: DockerStream;
  #answer = '';
  /** What docker or the program says where there is no answer. */
  #said = '';
  #isOver = false;
  #wake = (): void => {};

  private constructor(process: DockerStream) {
    this.#process = process;
    process.stdin.on('error', () => {});
    process.stdout.setEncoding('latin1');
    process.stdout.on('data', (text: string) => {
      this.#answer += text;
      if (this.#answer.length > MOST_BYTES) process.kill('SIGKILL');
      this.#wake();
    });
    process.stderr.on('data', (piece) => {
      this.#said = (this.#said + piece).slice(-MOST_SAID);
    });
    void process.then(() => {
      // By now all that it has written is here.
      this.#isOver = true;
      this.#wake();
    });
  }

  /** Starts one, if its container runs. It waits for its job. */
  static open({ name }: TreesContainer, head: string): TreeReader {
    const reader = new TreeReader(execInContainer(name, [READER]));
    reader.#process.stdin.write(head);
    return reader;
  }

  /**
   * Asks where the branch is: `first`, or where that has no container, one in a container that is started.
   * @throws KoalaError `environment` when the engine does not run it, or does not answer
   */
  static async ask(
    first: TreeReader,
    container: TreesContainer,
    { head, job }: TreeRequest,
  ): Promise<{ reader: TreeReader; refs: Refs | Unanswered }> {
    for (let tries = 1, reader = first; ; tries++, reader = TreeReader.open(container, head)) {
      reader.#process.stdin.write(job);
      const pairs = await reader.#pairs();
      if (pairs && 'version' in pairs && pairs.version === READER_VERSION)
        return { reader, refs: unanswered(pairs) ?? refsOf(pairs) };
      reader[Symbol.dispose]();
      const error = pairs ? undefined : await reader.#error();
      if (tries === TRIES || (error && !isFailure(error, 'gone'))) throw error ?? new Error('no answer');
      await startTrees(container, pairs !== undefined);
    }
  }

  /** The tree of that commit. */
  async tree(since: boolean): Promise<Tree | Unanswered> {
    this.#process.stdin.write(FILES);
    const pairs = await this.#pairs();
    if (!pairs) throw await this.#error();
    const why = unanswered(pairs);
    if (why) return why;
    if (!(await settledWithin(PATIENCE_MS, this.#process))) throw new Error('the tree reader does not end');
    return treeOf(pairs.tree ?? '', this.#answer, since);
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL');
  }

  /** The next pairs; undefined if the process ends without them. */
  async #pairs(): Promise<Record<string, string | undefined> | undefined> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = pairsIn(this.#answer);
      if (found) {
        this.#answer = this.#answer.slice(found.length);
        return found.pairs;
      }
      const isOver = this.#isOver;
      const left = deadline - performance.now();
      if (isOver || left <= 0) return undefined;
      await settledWithin(left, new Promise<void>((resolve) => (this.#wake = resolve)));
    }
  }

  async #error(): Promise<EngineError> {
    this.#process.kill('SIGKILL');
    const { code } = await this.#process;
    return engineError({ args: ['exec'], stderr: this.#said, code });
  }
}

function unanswered({ failure, message = '' }: Record<string, string | undefined>): Unanswered | undefined {
  return failure === undefined ? undefined : { failure, message };
}
