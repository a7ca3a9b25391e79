// The body of a callback: one schema, for what is sent and what is described.
import * as z from 'zod';
import { REASONS } from './ending.js';
import { TIME } from './public-json.js';
import { STATUSES, STEPS } from './status.js';

const Step = z.strictObject({
  step: z.enum(STEPS),
  ms: z.number().optional().describe('how long it took; not there while it runs'),
  skipped: z.boolean().optional(),
});

const Artifact = z.strictObject({
  url: z
    .string()
    .describe(
      'where to get it, with a token of its user; without KOALACI_PUBLIC_URL, the path on the service',
    ),
  files: z.number(),
  bytes: z.number().describe('unpacked'),
  archive_bytes: z.number().optional(),
  sha256: z.string().optional().describe('of the archive, where that is a file'),
  digest: z.string().optional().describe('of its list of entries: the same digest, the same files'),
});

export const CallbackBody = z.strictObject({
  id: z.string().describe("the change's: a call that is sent again has the same one"),
  user_id: z.string(),
  deployment_id: z.string(),
  project_id: z.string(),
  attempt: z.string(),
  branch: z.string().optional(),
  commit: z.string().optional().describe('once it is known'),
  status: z.enum(STATUSES),
  reason: z.enum(REASONS).optional().describe('of ERROR and CANCELED'),
  step: z.enum(STEPS).optional().describe('in which it ended'),
  exit_code: z.number().optional(),
  message: z.string().optional().describe('what happened, in a sentence'),
  remedy: z.string().optional().describe('what to try'),
  extract: z
    .array(z.string())
    .optional()
    .describe('the lines of the log that matter, of a build that failed'),
  steps: z.array(Step).optional(),
  artifact: Artifact.optional(),
  time: TIME.describe('when the status changed: calls may arrive out of order'),
});
export type CallbackBody = z.infer<typeof CallbackBody>;
