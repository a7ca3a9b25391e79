// The control channel: parses a line of the container's stderr into an event. Pure.
import * as z from 'zod';
import { FAULTS, REASONS } from '../job/ending.js';
import { STEPS } from '../job/status.js';

const step = z.enum(STEPS);

/** Text of which no more than this is kept, in characters: records and messages do not grow with what a project says. */
const text = (most: number) =>
  z.string().transform((all) => (all.length > most ? `${all.slice(0, most)}…` : all));

/** A sentence; it may name a path. */
const sentence = text(2_000);
const word = text(200);

/** What a step has found out. Others than these are dropped. */
const facts = z.object({
  commit: word.optional(),
  commit_time: word.optional(),
  // A part of a name would be another branch.
  default_branch: z.string().max(1_000).optional().catch(undefined),
  node: word.optional(),
  manager: word.optional(),
  manager_version: word.optional(),
  host_keys: text(16_000).optional(),
  refused_scripts: text(16_000).optional(),
  note: sentence.optional(),
  changed: sentence.optional(),
  fault: z.enum(FAULTS).optional(),
  // What a build has looked at; see src/reuse. A part of it would not do.
  reads: z
    .string()
    .max(256 * 1024)
    .optional()
    .catch('all'),
  // Only explain() sees it.
  files: z.string().optional(),
});

/** What the entrypoint reports. `n` counts the events; the log has a marker with the same number at the place of the event. */
const ControlEvent = z.discriminatedUnion('event', [
  z.object({ n: z.number(), event: z.literal('step_started'), step }),
  z.object({
    n: z.number(),
    event: z.literal('step_ended'),
    step,
    ok: z.boolean(),
    skipped: z.boolean().optional(),
    exit_code: z.number().optional(),
    reason: z.enum(REASONS).optional(),
    message: sentence.optional(),
    remedy: sentence.optional(),
    facts,
  }),
  // Between these two the container's stdout is a list of what is in the dist directory: of jobs that have list_entries.
  z.object({ n: z.number(), event: z.literal('list_started') }),
  z.object({ n: z.number(), event: z.literal('list_ended') }),
  // Between these two it is a tar of it; or after a list, the contents that were wanted.
  z.object({ n: z.number(), event: z.literal('archive_started') }),
  z.object({ n: z.number(), event: z.literal('archive_ended') }),
  // Between these two it is the lockfile, whose path is relative to the repository.
  z.object({ n: z.number(), event: z.literal('lockfile_started'), path: z.string(), flavour: word }),
  z.object({ n: z.number(), event: z.literal('lockfile_ended') }),
  // Of the values that the runner found in it, those that stand in a tracked file, by their places in its list.
  z.object({ n: z.number(), event: z.literal('tracked'), values: z.array(z.number()) }),
  z.object({ n: z.number(), event: z.literal('finished') }),
  // In a container that was started again to be kept: nothing of the job's secrets is in it any more.
  z.object({ n: z.number(), event: z.literal('kept') }),
]);

export type ControlEvent = z.infer<typeof ControlEvent>;
export type StepEnded = Extract<ControlEvent, { event: 'step_ended' }>;

/** Parses a line; undefined when it is not an event, such as a message of the docker command itself. */
export function parseControl(line: string): ControlEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return ControlEvent.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
