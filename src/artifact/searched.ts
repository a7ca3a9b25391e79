// What an artifact was searched for, as its manifest says it: what is shipped again need not be searched for the same again.
import { createHmac } from 'node:crypto';
import * as z from 'zod';

/** It changes with what the search finds in the same content. */
const VERSION = 1;

export const Searched = z.object({
  /** A hash of all values, by which nobody can guess one. */
  key: z.string(),
  /** Which of them were found, by their places. */
  found: z.array(z.number()),
});
export type Searched = z.infer<typeof Searched>;

/** The key of some values. Pure. @param secret of this installation */
export function searchKey(secret: string, values: readonly string[]): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify(['searched', VERSION, ...values]))
    .digest('hex');
}
