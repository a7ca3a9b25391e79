// The schemas of the answers. The OpenAPI document is made from them.
import * as z from 'zod';
import { Manifest } from '../artifact/manifest-file.js';
import { DetectionAnswer } from '../detection/detection-answer.js';
import { ERROR_KINDS } from '../job/errors.js';
import { PLACES } from '../job/places.js';
import { publicSchema, TIME } from '../job/public-json.js';
import { JobRecord } from '../job/record.js';
import { STATUSES } from '../job/status.js';

/** The answer around what a route has. */
export const data = <T extends z.ZodType>(schema: T) => z.strictObject({ data: schema });
const job = publicSchema(JobRecord, PLACES).describe('a job: its fields depend on its status');

export const OkAnswer = data(z.literal('OK'));
export const CancelAnswer = data(z.literal('Queued for cancellation'));
export const StatusAnswer = data(z.enum(STATUSES));
export const LogAnswer = data(z.string());
export const LogTokenAnswer = data(
  z.strictObject({
    token: z.string(),
    url: z.string().describe('the address of the log with the token, on this service'),
    expires_at: TIME,
  }),
);
export const DetectAnswer = data(DetectionAnswer);
export const ManifestAnswer = data(Manifest);
export const JobAnswer = data(job);
export const JobsAnswer = z.strictObject({
  data: z.array(job),
  next: z
    .string()
    .describe('where the next page begins, for cursor; without it, there is none')
    .exactOptional(),
});
export const ReleaseAnswer = data(
  z.array(
    z.strictObject({
      target: z.string(),
      place: z.string(),
      why_not: z.string().describe('why it is not served there').exactOptional(),
    }),
  ),
);
export const BoxAnswer = data(
  z.strictObject({
    building: z.array(job),
    queued: z.array(job).describe('in the order of their place in the queue'),
    ended: z.array(job).describe('the newest first'),
  }),
);
export const ErrorAnswer = z.strictObject({
  error: z.strictObject({
    code: z.enum(ERROR_KINDS),
    message: z.string().describe('what happened'),
    remedy: z.string().optional().describe('what to do'),
    fields: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .describe(
        'what is wrong with each field of the body or of the query; a path such as env.NAME, empty for the whole',
      ),
  }),
});
