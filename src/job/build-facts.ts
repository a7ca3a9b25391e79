// What is known of a build that is READY, and is not in its record.
import * as z from 'zod';

export const BuildFacts = z.strictObject({
  largest: z
    .array(z.strictObject({ path: z.string(), bytes: z.number() }))
    .describe('the largest files that it ships; none where they are not known'),
  earlier: z
    .array(z.strictObject({ ms: z.number(), bytes: z.number() }))
    .describe(
      'the builds of the project that were READY before it, the newest first: how long, and how large',
    ),
});
export type BuildFacts = z.infer<typeof BuildFacts>;
