// The process that does the work after READY: `koalaci post-build` (post-build.ts), which no command waits for.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { finished } from 'node:stream/promises';
import { removeContainers } from '../docker/container.js';
import { settledWithin } from '../job/settled-within.js';
import { REMOVAL_PATIENCE_MS } from '../settings/timing.js';
import type { PostBuild } from './post-build.js';

/** Work after READY that goes on. */
export interface PostBuildWork {
  /** The id of the build's container. */
  container: string;
  /** Resolves when nothing of the project runs any more, and the next build has what it needs. */
  saved: Promise<void>;
  ended: Promise<void>;
  /** Ends it at once, and removes the build's container. What is not saved by then is lost. */
  stop(): Promise<void>;
}

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
      stdio: ['pipe', 'pipe', log ?? 'ignore'],
    });
    this.#process.unref();
    unref(this.#process.stdout);
    // If it does not start or dies, only a snapshot is lost.
    this.#process.on('error', () => {});
    this.#process.stdin?.on('error', () => {});
    if (log !== undefined) closeSync(log);
  }

  /** Has it do the work; it goes on when this process ends. After a brief build others go first: nobody waits for it. */
  begin(task: PostBuild): PostBuildWork {
    this.prepare(task.key.project);
    if (task.isBrief) tryLower(this.#process?.pid);
    this.#process?.stdin?.end(JSON.stringify(task));
    return workOf(this.#process as ChildProcess, task.container);
  }

  /** Ends the process, unless it has begun. */
  [Symbol.dispose](): void {
    this.#process?.stdin?.end();
  }
}

/** The process closes its output when it has saved, or dies. It writes nothing. */
function workOf(child: ChildProcess, container: string): PostBuildWork {
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  const output = child.stdout?.resume();
  return {
    container,
    saved: output ? finished(output).catch(() => {}) : ended,
    ended,
    async stop() {
      tryKillGroup(child.pid);
      await ended;
      await settledWithin(REMOVAL_PATIENCE_MS, removeContainers([container]));
    },
  };
}

/** It must not keep this process from ending: `koalaci run` does not wait for it. */
function unref(stream: ChildProcess['stdout']): void {
  (stream as Socket | null)?.unref();
}

/** Kills a process with the docker commands that it waits for. It may have died. */
function tryKillGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Then it does nothing any more.
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
