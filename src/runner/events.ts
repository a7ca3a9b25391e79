// The events of a build that a screen shows: a terminal, or the NDJSON stream.
import type { Cause, Ending } from '../job/ending.js';
import type { JobRecord } from '../job/record.js';
import type { Step } from '../job/status.js';
import type { Finding } from '../reuse/compare.js';

export type BuildEvent =
  /** `reuse`: what came of asking for an earlier build, if it was asked for. */
  | { type: 'started'; record: Readonly<JobRecord>; warm: boolean; reuse?: 'hit' | 'miss' | 'audit' }
  | { type: 'step_started'; step: Step }
  | { type: 'log'; step: Step | ''; data: Buffer }
  | { type: 'step_ended'; step: Step; ok: boolean; skipped: boolean; ms: number; note: string }
  /** The build begins once more, from nothing or in another container; `cause` ended the first try. Its steps start over. */
  | { type: 'retried'; cause: Cause }
  /** What a comparison says of reuse. */
  | { type: 'audited'; finding: Finding }
  | { type: 'ended'; ending: Ending; record: Readonly<JobRecord>; recorded: boolean };

export interface Screen {
  show(event: BuildEvent): void;
  /** A promise while the reader of the log is slower than the build. */
  ready(): Promise<void> | undefined;
}
