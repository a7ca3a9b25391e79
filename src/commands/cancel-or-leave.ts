// What Ctrl-C means for a job that runs elsewhere: asks whether it is to be canceled or left running. Without a terminal it is canceled.

import type { DeploymentId } from '../job/identity.js';
import { say } from '../ui/print.js';
import { onInterrupt } from './interrupt.js';

interface Options {
  id: DeploymentId;
  cancel: () => Promise<unknown>;
  /** Stops what moves on the screen. */
  pause: () => void;
}

export class CancelOrLeave implements Disposable {
  readonly #options: Options;
  readonly #listening: Disposable;
  readonly #left = new AbortController();
  #asking: Promise<void> | undefined;
  readonly #answered = new AbortController();
  #isCanceling = false;
  #isLeft = false;

  constructor(options: Options) {
    this.#options = options;
    this.#listening = onInterrupt((how) => this.#interrupted(how));
  }

  /** Aborts when nobody follows the job any more. */
  get over(): AbortSignal {
    return this.#left.signal;
  }

  /** Whether the job was left running. */
  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** Waits while there is a question on the screen. */
  paused(): Promise<void> | undefined {
    return this.#asking;
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  #interrupted(how: string): void {
    // The second one after a cancel: its sender does not want to wait for the end. The request stands.
    const isTerminal = process.stdin.isTTY && process.stderr.isTTY && how === 'Ctrl-C';
    if (this.#isCanceling) this.#left.abort();
    else if (!isTerminal || this.#asking) this.#cancel();
    else this.#ask();
  }

  #ask(): void {
    this.#options.pause();
    say(`\n${this.#options.id}: cancel it, or leave it running? [c/L] `);
    this.#asking = typed(this.#answered.signal).then((answer) => {
      this.#asking = undefined;
      if (this.#isCanceling) return;
      if (/^c/i.test(answer)) this.#cancel();
      else this.#leave();
    });
  }

  #cancel(): void {
    const { id, cancel } = this.#options;
    this.#isCanceling = true;
    this.#answered.abort();
    say(`\nkoalaci: canceling ${id}\n`);
    // It may have ended just now; and whoever follows it sees what becomes of it.
    cancel().catch((error: Error) => say(`koalaci: ${error.message}\n`));
  }

  #leave(): void {
    const { id } = this.#options;
    this.#isLeft = true;
    say(`${id} goes on: "koalaci logs -f ${id}" follows it, "koalaci cancel ${id}" stops it\n`);
    this.#left.abort();
  }
}

/** A line of the terminal; empty at its end, or when nobody waits for it any more. */
async function typed(signal: AbortSignal): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const done = (data?: unknown) => {
      stdin.off('data', done);
      stdin.off('end', done);
      signal.removeEventListener('abort', done);
      stdin.pause();
      resolve(Buffer.isBuffer(data) ? data.toString().trim() : '');
    };
    stdin.on('data', done);
    stdin.on('end', done);
    signal.addEventListener('abort', done);
    stdin.resume();
  });
}
