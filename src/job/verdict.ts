// Why a build, or one try of it, stops. The first cause wins, and `signal` tells all that wait for it at once.
import { type Cause, ENDINGS } from './ending.js';

export class Verdict {
  readonly #decided = new AbortController();
  #cause: Cause | undefined;
  #requeued = false;
  #publishing = false;

  /** The first cause that was given; also undefined when the job is requeued. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  /** Whether the job goes back into its queue, for another runner. */
  get requeued(): boolean {
    return this.#requeued;
  }

  /** Whether the build has to stop, for any reason. */
  get decided(): boolean {
    return this.signal.aborted;
  }

  /** Aborts when the build has to stop. */
  get signal(): AbortSignal {
    return this.#decided.signal;
  }

  /** Gives a cause. Only the first one counts: those after it are its effects. */
  decide(cause: Cause): void {
    if (this.decided || (this.#publishing && isTooLate(cause))) return;
    this.#cause = cause;
    this.#decided.abort();
  }

  /**
   * The point of no return, just before the artifact gets its name: from here on a limit, a cancel or a requeue comes too late,
   * and only a failure still counts. Returns false if the build has to stop.
   */
  publish(): boolean {
    this.#publishing = !this.decided;
    return this.#publishing;
  }

  /** What is published has still to be uploaded: a limit, a cancel or a requeue comes in time again, until publish() is called anew. */
  reopen(): void {
    this.#publishing = false;
  }

  /** Stops the build without an ending, and requeues the job; does nothing after a decision. */
  requeue(): void {
    if (this.decided || this.#publishing) return;
    this.#requeued = true;
    this.#decided.abort();
  }
}

/** What a part of a build needs of a verdict: the build's, or that of one of its tries. */
export type PartVerdict = Pick<Verdict, 'signal' | 'decided' | 'decide'>;

/**
 * The verdict of one try of a build. A cause that `endsOnlyTry` accepts stops the try, and the build may go on without it.
 * Every other cause is the build's, and what stops the build stops its try.
 */
export class TryVerdict implements PartVerdict {
  readonly signal: AbortSignal;
  readonly #build: Verdict;
  readonly #endsOnlyTry: (cause: Cause) => boolean;
  readonly #stopped = new AbortController();
  #cause: Cause | undefined;

  constructor(build: Verdict, endsOnlyTry: (cause: Cause) => boolean) {
    this.#build = build;
    this.#endsOnlyTry = endsOnlyTry;
    this.signal = AbortSignal.any([build.signal, this.#stopped.signal]);
  }

  /** The cause that stopped only this try. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  /** Whether the try has to stop, for any reason. */
  get decided(): boolean {
    return this.signal.aborted;
  }

  /** Gives a cause, as Verdict.decide() does. */
  decide(cause: Cause): void {
    if (this.decided) return;
    if (!this.#endsOnlyTry(cause)) {
      this.#build.decide(cause);
      return;
    }
    this.#cause = cause;
    this.#stopped.abort();
  }
}

function isTooLate({ reason }: Cause): boolean {
  const { kind } = ENDINGS[reason];
  return kind === 'limit' || kind === 'user';
}

/** Waits for a promise, but not longer than until the build has to stop: then the result is undefined. */
export function untilDecided<T>(
  work: Promise<T>,
  { signal }: Pick<PartVerdict, 'signal'>,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    // Not Promise.race(): a signal that lives longer would keep each of many promises.
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
