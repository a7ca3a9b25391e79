// The control channel: parses a line of the container's stderr into an event. Pure.
import * as z from 'zod';
import { REASONS } from '../job/ending.js';
import { STEPS } from '../job/status.js';

const step = z.enum(STEPS);

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
    message: z.string().optional(),
    remedy: z.string().optional(),
    facts: z.record(z.string(), z.string()),
  }),
  // Between these two the container's stdout is a tar of the dist directory.
  z.object({ n: z.number(), event: z.literal('archive_started') }),
  z.object({ n: z.number(), event: z.literal('archive_ended') }),
  z.object({ n: z.number(), event: z.literal('finished') }),
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
