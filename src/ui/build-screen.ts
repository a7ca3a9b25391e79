// What shows a build to people.
import type { BuildFacts } from '../job/build-facts.js';
import type { JobRecord } from '../job/record.js';
import type { Screen } from '../runner/events.js';

/** A screen for people: it also says what else is known of a build that has ended. */
export interface BuildScreen extends Screen {
  add(record: Readonly<JobRecord>, facts: BuildFacts): void;
}
