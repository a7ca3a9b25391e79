// What happens in a build, as its watchers see it: the screen, the NDJSON stream, the record.
import type { Ending } from '../job/ending.js';
import type { JobRecord } from '../job/record.js';
import type { Step } from '../job/status.js';

export type BuildEvent =
  | { type: 'started'; record: Readonly<JobRecord>; warm: boolean }
  | { type: 'step_started'; step: Step }
  | { type: 'log'; step: Step | ''; data: Buffer }
  | { type: 'step_ended'; step: Step; ok: boolean; skipped: boolean; ms: number; note: string }
  | { type: 'ended'; ending: Ending; record: Readonly<JobRecord>; recorded: boolean };

export interface Screen {
  show(event: BuildEvent): void;
  /** Pending while the reader of the log falls behind the build. */
  ready(): Promise<void> | undefined;
}
