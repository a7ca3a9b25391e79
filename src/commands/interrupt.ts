// Ctrl-C and its relatives, as a wish to stop instead of a sudden end.

const SIGNALS = { SIGINT: 'Ctrl-C', SIGTERM: 'SIGTERM', SIGHUP: 'a closed terminal' } as const;

/** Calls back on every interrupt until it is disposed; the process does not end by itself. */
export function onInterrupt(callback: (how: string) => void): Disposable {
  const listeners = Object.entries(SIGNALS).map(([signal, how]) => [signal, () => callback(how)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    },
  };
}

/** The first interrupt is waited for; every later one calls back, since its sender is in a hurry. */
export class Interrupts implements Disposable {
  /** How the first one came, in words. */
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

  /** Whether one came. */
  get any(): boolean {
    return this.#count > 0;
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }
}
