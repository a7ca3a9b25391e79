import { expect, it } from 'vitest';
import type { JobId } from '../../../src/job/identity.js';
import { queueJobIdOf, queueKeyOf } from '../../../src/queue/jobs-queue.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

const id = (user: string, deployment: string) => ({ user, deployment }) as JobId;

it('names the same attempt always the same, and as BullMQ takes it: neither a number nor with a colon', () => {
  const name = queueJobIdOf(id('ann', 'd1'), 'a1');
  expect(queueJobIdOf(id('ann', 'd1'), 'a1')).toBe(name);
  expect(name).toMatch(/^job-[0-9a-f]{32}$/);
});

it('names every attempt of every job apart, also where ids are put together of the same letters', () => {
  const names = [
    queueJobIdOf(id('ann', 'd1'), 'a1'),
    queueJobIdOf(id('ann', 'd1'), 'a2'),
    queueJobIdOf(id('ann', 'd2'), 'a1'),
    queueJobIdOf(id('bob', 'd1'), 'a1'),
    queueJobIdOf(id('ann:d1', 'x'), 'a1'),
    queueJobIdOf(id('ann', 'd1:x'), 'a1'),
  ];
  expect(new Set(names).size).toBe(names.length);
});

it('finds the entry of a job in Redis', () => {
  expect(queueKeyOf('job-1')).toBe('koalaci:queue:jobs:job-1');
});

it('names no two attempts alike, whatever strangers choose', () => {
  expectInjective(tuples(userIds, 2), ([user = '', deployment = '']) =>
    queueJobIdOf(id(user, deployment), 'a'),
  );
});
