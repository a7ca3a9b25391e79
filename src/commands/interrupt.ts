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
