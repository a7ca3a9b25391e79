// A row of targets.json for a directory.
import { isAbsolute, normalize } from 'node:path';
import * as z from 'zod';
import { COMMON_FIELDS, text } from '../row.js';

export const DirectoryRow = z.strictObject({
  ...COMMON_FIELDS,
  type: z.literal('directory'),
  directory: text
    .refine((path) => isAbsolute(path) && !path.includes('\0'), 'must be an absolute path')
    .transform(normalize),
});
export type DirectoryRow = z.output<typeof DirectoryRow>;
