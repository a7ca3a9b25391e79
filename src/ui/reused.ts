// What a build did not have to do, and how old it is what it went by. Pure.
import { visible } from '../job/printable.js';
import type { RecordFields } from '../job/record.js';
import type { Base, BuildEvent } from '../runner/events.js';
import { showAge } from './words.js';

/** What a build starts from: `warm: main at 266e47bed4, 2 hours old`, `cold: the builder image is newer`. */
export function showBase(base: Base, now: number): string {
  if ('cold' in base) return `cold: ${base.cold}`;
  const { branch, commit, savedAt } = base.warm;
  const age = savedAt === undefined ? '' : `, ${showAge(now - savedAt)} old`;
  return `warm: ${branch} at ${commit.slice(0, 10)}${age}`;
}

/** Collects what a build reuses, from its events. */
export class Reused {
  #base: Base | undefined;
  #skipped = new Map<string, string>();

  note(event: BuildEvent): void {
    if (event.type === 'started') this.#base = event.base;
    if (event.type === 'retried') this.#skipped.clear();
    if (event.type === 'retried') this.#base = { cold: 'it was built once more, from nothing' };
    if (event.type === 'step_ended' && event.skipped) this.#skipped.set(event.step, event.note);
  }

  /** In one line; empty if nothing is known. */
  line({ reusedFrom }: Readonly<RecordFields>, now: number): string {
    if (reusedFrom !== undefined) return `the artifact of ${visible(reusedFrom)}: nothing was built`;
    const base = this.#base ? [showBase(this.#base, now)] : [];
    // A build from nothing has reused nothing, whatever there was not to do.
    if (this.#base && 'cold' in this.#base) return visible(base.join(''));
    const skipped = [...this.#skipped].map(([step, note]) => `${step}: ${note || 'skipped'}`);
    return visible([...base, ...skipped].join('; '));
  }
}
