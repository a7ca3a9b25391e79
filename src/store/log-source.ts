// The log of a deployment, as its readers want it: now, from a place on, and with what is known of the deployment.
import type { JobRecord } from '../job/record.js';
import type { LogPart } from './log-reader.js';

/** A log, wherever it is. */
export interface LogSource {
  /** What is known of the deployment now. */
  record(): Promise<JobRecord>;
  /** What is there of its log now. */
  read(): AsyncIterable<LogPart>;
  /** What is there after a place, and what is added, until the deployment has ended or the signal aborts. */
  follow(after: number, signal: AbortSignal): AsyncIterable<LogPart>;
}
