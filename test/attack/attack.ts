// The frame of the attack suite: a case is something that a stranger tries, and the test asserts that it failed.
import { it } from 'vitest';

/** Whether all cases run (`npm run attack`), or only those of the short form, which `npm test` has. */
const IS_WHOLE = process.env.ATTACK === 'whole';
const MINUTES = 60_000;

export interface AttackOptions {
  /** Whether the case belongs to the short form: one for each wall, and cheap. */
  short?: boolean;
  /** The most milliseconds that it may take. */
  ms?: number;
}

/** Declares a case within `describe(group)`. `tried` is what the stranger does, in the words of the table. */
export function attack(
  tried: string,
  run: () => Promise<void> | void,
  { short = false, ms = 3 * MINUTES }: AttackOptions = {},
): void {
  if (short || IS_WHOLE) it(tried, run, ms);
}
