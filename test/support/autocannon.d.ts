// autocannon has no types of its own: of what it does, what the tests use.
declare module 'autocannon' {
  interface Result {
    errors: number;
    timeouts: number;
    non2xx: number;
    requests: { total: number };
  }
  /** Resolves when it has ended. */
  interface Load extends Promise<Result> {
    /** Ends it now. */
    stop(): void;
  }
  function autocannon(options: { url: string; connections: number; duration: number }): Load;
  export = autocannon;
}
