// What the service answers, as schemas: the description of the routes is made of them.
import * as z from 'zod';
import { REASONS, STATUSES, STEPS } from '../job/status.js';

const data = <T extends z.ZodType>(schema: T) => z.strictObject({ data: schema });
const ms = z.number().describe('milliseconds since 1970');

const Record = z
  .strictObject({
    user: z.string(),
    deployment: z.string(),
    project: z.string(),
    attempt: z.string(),
    status: z.enum(STATUSES),
    branch: z.string(),
    repo: z.string().describe('without credentials'),
    created_at: ms,
    started_at: ms.optional(),
    ended_at: ms.optional(),
    runner: z.string().optional(),
    container: z.string().optional(),
    commit: z.string().optional(),
    node: z.string().optional(),
    manager: z.string().optional(),
    reason: z.enum(REASONS).optional(),
    step: z.enum(STEPS).optional(),
    exit_code: z.number().optional(),
    message: z.string().optional(),
    remedy: z.string().optional(),
    cancel_requested: z.string().optional().describe('why it is to be stopped'),
    steps: z
      .array(
        z.strictObject({
          step: z.enum(STEPS),
          startedAt: ms,
          endedAt: ms.optional(),
          skipped: z.boolean().optional(),
        }),
      )
      .optional(),
    artifact: z
      .strictObject({
        path: z.string(),
        manifest: z.string(),
        files: z.number(),
        bytes: z.number(),
        sha256: z.string(),
      })
      .optional(),
  })
  .describe('a job');

export const OkAnswer = data(z.literal('OK'));
export const CancelAnswer = data(z.literal('Queued for cancellation'));
export const StatusAnswer = data(z.enum(STATUSES));
export const LogAnswer = data(z.string());
export const JobAnswer = data(Record);
export const JobsAnswer = data(z.array(Record));
export const ErrorAnswer = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string() }),
});
