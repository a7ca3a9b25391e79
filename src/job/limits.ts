// What one build may use. On by default; each is named, with its figure, when it is hit.

export interface Limits {
  /** Bytes; swap included. */
  memory: number;
  cpus: number;
  /** Processes and threads. */
  pids: number;
  /** Bytes that the build adds to its container. */
  disk: number;
  /** Bytes of log that are kept; of a longer one the head and the tail. */
  log: number;
  /** Bytes of output at which the build is ended: nobody reads on, and it may never stop. */
  output: number;
  /** Bytes of the dist directory. */
  artifact: number;
  /** Milliseconds in all. */
  time: number;
  /** Milliseconds without any output. */
  silence: number;
}
