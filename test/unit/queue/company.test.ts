import { expect, it } from 'vitest';
import type { JobId } from '../../../src/job/identity.js';
import { Company } from '../../../src/queue/company.js';

const job = (deployment: string) => ({ user: 'ann', deployment }) as JobId;
const [a, b, c] = [job('a'), job('b'), job('c')];

/** A company, and how a job enters it at a second. */
function company() {
  const all = new Company();
  const enter = (one: JobId, how: { alone?: boolean; second?: number } = {}) =>
    all.enter(one, { alone: how.alone ?? false, now: (how.second ?? 0) * 1_000 });
  return { all, enter };
}

it('lets jobs be built beside each other', () => {
  const { all, enter } = company();
  expect([enter(a), enter(b)]).toEqual([true, true]);
  expect(all.present.size).toBe(2);
});

it('lets nobody in beside a job that is alone', () => {
  const { all, enter } = company();
  expect([enter(a, { alone: true }), enter(b), enter(c, { alone: true })]).toEqual([true, false, false]);
  all.leave(a);
  expect(enter(b, { second: 60 })).toBe(true);
});

it('lets a job that is to be alone pass before new ones', () => {
  const { all, enter } = company();
  expect([enter(a), enter(b, { alone: true }), enter(c, { second: 5 })]).toEqual([true, false, false]);
  all.leave(a);
  expect(enter(c, { second: 9 })).toBe(false);
  expect(enter(b, { alone: true, second: 10 })).toBe(true);
});

it('does not wait for one that does not come back', () => {
  const { all, enter } = company();
  enter(a);
  enter(b, { alone: true });
  all.leave(a);
  expect(enter(c, { second: 21 })).toBe(true);
});
