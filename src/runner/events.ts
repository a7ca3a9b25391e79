// The events of a build that a screen shows: a terminal, or the NDJSON stream.
import type { Cause, Ending } from '../job/ending.js';
import type { Base, JobRecord } from '../job/record.js';
import type { Step } from '../job/status.js';
import type { Finding } from '../reuse/compare.js';

export type BuildEvent =
  /** `reuse`: what came of asking for an earlier build, if it was asked for. */
  | {
      type: 'started';
      record: Readonly<JobRecord>;
      warm: boolean;
      base?: Base;
      reuse?: 'hit' | 'miss' | 'audit';
    }
  /** `why`: what there is to do in it, as far as that is known. */
  | { type: 'step_started'; step: Step; why?: string }
  /** `own`: koalaci itself says it; else it is the step's output. */
  | { type: 'log'; step: Step | ''; data: Buffer; own?: boolean }
  | { type: 'step_ended'; step: Step; ok: boolean; skipped: boolean; ms: number; note: string }
  /**
   * The build begins once more, from nothing or in another container; `cause` ended the first try, if that is known here. Its steps
   * start over.
   */
  | { type: 'retried'; cause?: Cause }
  /** What a comparison says of reuse. */
  | { type: 'audited'; finding: Finding }
  | { type: 'ended'; ending: Ending; record: Readonly<JobRecord>; recorded: boolean };

export interface Screen {
  show(event: BuildEvent): void;
  /** Leaves the terminal as it is to be, also after an error. Can be called twice. */
  close?(): void;
  /** A promise while the reader of the log is slower than the build. */
  ready(): Promise<void> | undefined;
  /** Stops what moves on it, until the next event: something else is asked there. */
  pause?(): void;
}
