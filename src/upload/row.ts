// What every row of targets.json says, whatever its type.
import * as z from 'zod';

export const text = z.string('must be a string').min(1, 'must not be empty');

export const COMMON_FIELDS = {
  name: text.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 lower-case letters, digits or "-"'),
  /** The branches that are served from `current`, instead of the default branch. */
  branches: z.array(text, 'must be a list of branches').min(1, 'must have a branch').optional(),
  /** So many releases are kept beside the one that is served from `current`. */
  keep: z
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(1_000, 'must be at most 1000')
    .default(5),
};
