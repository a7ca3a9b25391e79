// The process that does the work after READY: `koalaci post-build` (post-build.ts), which no command waits for.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import type { PostBuild } from './post-build.js';

export class PostBuildProcess implements Disposable {
  readonly #logFile: string;
  #process: ChildProcess | undefined;

  /** It writes errors to `logFile`. */
  constructor(logFile: string) {
    this.#logFile = logFile;
  }

  /** Starts the process, which waits for begin(): while it loads, the artifact is packed. `project` is for who lists processes. */
  prepare(project: string): void {
    if (this.#process) return;
    const [, program = ''] = process.argv;
    const log = tryOpen(this.#logFile);
    this.#process = spawn(process.execPath, [program, 'post-build', project], {
      detached: true,
      stdio: ['pipe', 'ignore', log ?? 'ignore'],
    });
    this.#process.unref();
    // If it does not start or dies, only a snapshot is lost.
    this.#process.on('error', () => {});
    this.#process.stdin?.on('error', () => {});
    if (log !== undefined) closeSync(log);
  }

  /** Has it do the work; it goes on when this process ends. After a brief build others go first: nobody waits for it. */
  begin(task: PostBuild): void {
    this.prepare(task.key.project);
    if (task.isBrief) tryLower(this.#process?.pid);
    this.#process?.stdin?.end(JSON.stringify(task));
  }

  /** Ends the process, unless it has begun. */
  [Symbol.dispose](): void {
    this.#process?.stdin?.end();
  }
}

/** Returns undefined if the log cannot be opened: with --output there may be no data directory. */
function tryOpen(file: string): number | undefined {
  try {
    return openSync(file, 'a', 0o600);
  } catch {
    return undefined;
  }
}

/** Gives a process a low priority. It may have died. */
function tryLower(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Only a snapshot is lost.
  }
}
