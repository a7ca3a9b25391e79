// What one build may use. All limits are on by default. The ending of a build that hits one names it and its value.

export interface Limits {
  /** Bytes; swap included. */
  memory: number;
  cpus: number;
  /** Processes and threads. */
  pids: number;
  /** Bytes that the build adds to its container; holes in files count. */
  disk: number;
  /** Files, directories and links that it adds. */
  inodes: number;
  /** Bytes of log to keep; of a longer log, the head and the tail are kept. */
  log: number;
  /** Bytes of output after which the build is stopped: it may print for ever, and nobody reads that much. */
  output: number;
  /** Bytes of the dist directory; how many entries it has; bytes of a path in it; directories inside each other. */
  artifact: number;
  artifactEntries: number;
  artifactPath: number;
  artifactDepth: number;
  /** Milliseconds in all. */
  time: number;
  /** Milliseconds without any output. */
  silence: number;
}
