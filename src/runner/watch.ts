// Ends a build that exceeds one of the limits that only the runner can check: time, silence, output, disk.
import type { DiskUse } from '../docker/disk-use.js';
import type { Limits } from '../job/limits.js';
import { showBytes, showDuration } from '../job/quantity.js';
import type { Step } from '../job/status.js';
import type { PartVerdict } from '../job/verdict.js';
import { DiskWatch } from './disk-watch.js';

export interface Watched {
  limits: Limits;
  verdict: PartVerdict;
  /** Since when the time is limited, by performance.now(): a second try of a build has what the first one left of it. */
  since: number;
  /** The current step. */
  step: () => Step | undefined;
  /** Looks at what the build has on disk. */
  diskUse: (signal: AbortSignal) => Promise<DiskUse>;
}

export class Watch implements Disposable {
  readonly #watched: Watched;
  readonly #timers: NodeJS.Timeout[];
  readonly #disk: DiskWatch;
  #output = 0;
  #lastOutput = performance.now();

  constructor(watched: Watched) {
    this.#watched = watched;
    const { limits, since, diskUse } = watched;
    const { time, silence } = limits;
    this.#timers = [
      setTimeout(() => this.#timedOut(), since + time - performance.now()),
      setInterval(() => this.#checkSilence(), Math.max(50, Math.min(1_000, silence / 4))),
    ];
    this.#disk = new DiskWatch({ limits, look: diskUse, onExcess: (what) => this.#outOfDisk(what) });
  }

  /** The build is not silent: it sends its artifact. */
  sawArchive(): void {
    this.#lastOutput = performance.now();
  }

  /** The build has ended, and only its time is limited still: it is being uploaded. */
  sawEnd(): void {
    clearInterval(this.#timers[1]);
    this.#disk[Symbol.dispose]();
  }

  /** Counts output. Returns how many of its bytes are within the limit. */
  sawOutput(bytes: number): number {
    this.#lastOutput = performance.now();
    const left = Math.max(0, this.#watched.limits.output - this.#output);
    this.#output += bytes;
    if (bytes <= left) return bytes;
    const limit = showBytes(this.#watched.limits.output);
    this.#end(
      'log_limit',
      `the build printed more than ${limit}`,
      'Print less, or ask the operator for a higher KOALACI_OUTPUT_LIMIT.',
    );
    return left;
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#disk[Symbol.dispose]();
  }

  #timedOut(): void {
    const limit = showDuration(this.#watched.limits.time);
    this.#end(
      'timed_out',
      `the build took longer than ${limit}`,
      'If it needs longer, raise --timeout (or timeout_seconds).',
    );
  }

  #checkSilence(): void {
    const { silence } = this.#watched.limits;
    if (performance.now() - this.#lastOutput < silence) return;
    const remedy = 'It may hang or wait for input. If not, let it print progress, or raise KOALACI_SILENCE.';
    this.#end('silent', `no line of output for ${showDuration(silence)}`, remedy);
  }

  #outOfDisk(what: string): void {
    const remedy = 'Write less, or raise KOALACI_DISK_LIMIT or KOALACI_INODE_LIMIT.';
    this.#end('disk_limit', `out of disk: ${what}`, remedy);
  }

  #end(reason: 'log_limit' | 'timed_out' | 'silent' | 'disk_limit', what: string, remedy: string): void {
    const step = this.#watched.step();
    this.#watched.verdict.decide({
      reason,
      ...(step ? { step } : {}),
      message: what,
      remedy,
    });
  }
}
