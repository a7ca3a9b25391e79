// What an explanation is made from, and what it consists of. Pure.
import type { Fault } from '../../job/ending.js';
import type { Step } from '../../job/status.js';

/** What a failed step left. */
export interface Failure {
  step: Step;
  /** Its last output. */
  output: string;
  exitCode?: number | undefined;
  /** The paths of the project's tracked files, where they are known. */
  files?: readonly string[] | undefined;
  /** The variable of the job that has devDependencies left out, if there is one. */
  omits?: string | undefined;
  /** The project's package manager. */
  manager?: string | undefined;
  /** The packages whose install scripts it has not run. */
  refused?: readonly string[] | undefined;
}

/** What happened, in a sentence without a full stop, and what to type or set. */
export interface Explanation {
  /** The kind of failure, for the tests. */
  id: string;
  message: string;
  remedy: string;
  /** Who has to change something. */
  fault: Fault;
  /** The lines that matter. Without them, those are the last errors of the step. */
  extract?: readonly string[];
}

/** Explains a failure by the last words of one tool; undefined where another one has had the last word. */
export type Reader = (lines: readonly string[], failure: Failure) => Explanation | undefined;
