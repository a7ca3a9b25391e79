// Which variables end up in what is shipped on purpose: frameworks say so by a prefix of the name.
import type { Framework } from '../../ci/steps/detection/table.mjs';
import { load } from './program.js';

/** The prefixes of all frameworks, such as `NEXT_PUBLIC_`. */
export async function publicPrefixes(): Promise<string[]> {
  const { frameworks } = (await load('table.mjs')) as { frameworks: () => Framework[] };
  return [...new Set(frameworks().flatMap(({ env }) => env ?? []))];
}
