// What a build did not have to do, and how old it is what it went by. Pure.
import { visible } from '../job/printable.js';
import type { Base, RecordFields } from '../job/record.js';
import { showAge } from './words.js';

/** What a build starts from: `warm: main at 266e47bed4, 2 hours old`, `cold: the builder image is newer`. */
export function showBase({ warm, cold }: Base, now: number): string {
  if (!warm) return `cold: ${cold}`;
  const { branch, commit, savedAt } = warm;
  const age = savedAt === undefined ? '' : `, ${showAge(now - savedAt)} old`;
  return `warm: ${branch} at ${commit.slice(0, 10)}${age}`;
}

/** What a build reused, in one line; empty if nothing is known. */
export function showReused({ reusedFrom, base, steps = [] }: Readonly<RecordFields>, now: number): string {
  if (reusedFrom !== undefined) return `the artifact of ${visible(reusedFrom)}: nothing was built`;
  const from = base ? [showBase(base, now)] : [];
  // A build from nothing has reused nothing, whatever there was not to do.
  if (base && !base.warm) return visible(from.join(''));
  const skipped = steps.filter((one) => one.skipped).map(({ step, note }) => `${step}: ${note || 'skipped'}`);
  return visible([...from, ...skipped].join('; '));
}
