// The schemas of the events of a followed log.
import * as z from 'zod';
import { REASONS } from '../job/ending.js';
import { TIME } from '../job/public-json.js';
import { FINAL_STATUSES, STATUSES, STEPS } from '../job/status.js';

/** By the name of the event; `message` is the one without a name. */
export const LOG_EVENTS = {
  message: z
    .strictObject({
      time: TIME,
      step: z.enum([...STEPS, '']),
      line: z.number().describe('the number of the first line in text, from 1'),
      own: z.literal(true).optional().describe('koalaci itself says it; else it is the output of the step'),
      text: z
        .string()
        .describe('one or more lines; one that is not finished goes on in an event with the same number'),
      base64: z.string().optional().describe('the bytes, where they are no UTF-8'),
    })
    .describe('lines of the log'),
  status: z
    .strictObject({
      status: z.enum(STATUSES),
      attempt: z.string(),
      waits_for: z.string().optional().describe('why a queued job waits though its turn has come'),
    })
    .describe('the status: at the beginning, and when it changes'),
  step: z
    .strictObject({
      step: z.enum(STEPS),
      started_at: TIME,
      ended_at: TIME.optional().describe('not there while it runs'),
      ms: z.number().optional(),
      skipped: z.boolean().optional(),
    })
    .describe('a step has begun, or ended; it may begin again, with the next attempt or from nothing'),
  cut: z
    .strictObject({ lines: z.number().describe('0: less than one, or it is not known') })
    .describe('so many lines are left out here'),
  end: z
    .strictObject({
      status: z.enum(FINAL_STATUSES),
      reason: z.enum(REASONS).optional(),
      step: z.enum(STEPS).optional(),
      exit_code: z.number().optional(),
      message: z.string().optional(),
      remedy: z.string().optional(),
      extract: z.array(z.string()).optional(),
    })
    .describe('the last one: how the job ended. Who comes back with its id is answered 204'),
};
