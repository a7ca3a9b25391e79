// Turns Ctrl-C, SIGTERM and SIGHUP into a request to stop, instead of ending the process at once.

const SIGNALS = { SIGINT: 'Ctrl-C', SIGTERM: 'SIGTERM', SIGHUP: 'a closed terminal' } as const;

/** Calls back on every interrupt until disposed. Meanwhile the signals do not end the process. */
export function onInterrupt(callback: (how: string) => void): Disposable {
  const listeners = Object.entries(SIGNALS).map(([signal, how]) => [signal, () => callback(how)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    },
  };
}

/** The first interrupt resolves `first`. Every later one calls `hurry`: its sender no longer wants to wait. */
export class Interrupts implements Disposable {
  /** Resolves on the first interrupt, to its name in words. */
  readonly first: Promise<string>;
  readonly #listening: Disposable;
  #resolve: (how: string) => void = () => {};
  #count = 0;

  constructor(hurry: () => void) {
    this.first = new Promise((done) => {
      this.#resolve = done;
    });
    this.#listening = onInterrupt((how) => {
      this.#count++;
      if (this.#count === 1) this.#resolve(how);
      else hurry();
    });
  }

  /** Whether an interrupt has arrived. */
  get any(): boolean {
    return this.#count > 0;
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }
}
