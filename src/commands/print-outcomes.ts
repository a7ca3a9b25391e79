// What the commands print that have a deployment served.
import { describeOutcome } from '../releases/ship.js';
import type { Outcome } from '../releases/switch.js';
import { print } from '../ui/print.js';

/** Says of each target what came of it. */
export function printOutcomes(outcomes: Outcome[]): void {
  for (const outcome of outcomes) print(`${describeOutcome(outcome)}\n`);
}
