import { expect, it } from 'vitest';
import type { JobId } from '../../../src/job/identity.js';
import {
  cancelChannel,
  indexKey,
  jobKey,
  keptKey,
  keptUntilKey,
  leaseKey,
  logKey,
  parkedKey,
  parseUnfinished,
  slotsKey,
  transitionKeys,
  unfinishedRange,
} from '../../../src/store/keys.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

const idOf = (user: string, deployment: string) => ({ user, deployment }) as JobId;
const member = (id: JobId) => jobKey(id).replace('koalaci:job:', '');

it('are never one for two deployments, nor for two things of one', () => {
  const ids = [idOf('a:b', 'c'), idOf('a', 'b:c'), idOf('a%3Ab', 'c'), idOf('a', 'b')];
  const keys = ids.flatMap((id) => [jobKey(id), logKey(id), leaseKey(id), cancelChannel(id)]);
  expect(new Set(keys).size).toBe(keys.length);
});

it('of what is unfinished are read back', () => {
  const id = idOf('Ann: ü', 'd.1');
  expect(parseUnfinished(member(id))).toEqual(id);
});

it("bound a user's deployments, and nobody else's", () => {
  const [from, to] = unfinishedRange(idOf('ann', 'x').user).map((bound) => bound.slice(1));
  const isInside = (id: JobId) => member(id) >= String(from) && member(id) < String(to);
  expect([idOf('ann', '0'), idOf('ann', 'zz')].map(isInside)).toEqual([true, true]);
  expect([idOf('an', 'n'), idOf('ann:', '0'), idOf('anna', '0')].map(isInside)).toEqual([
    false,
    false,
    false,
  ]);
});

it('come to a script in the order that it names them in', () => {
  const id = idOf('ann', 'd');
  const unowned = ['koalaci:unfinished', 'koalaci:changes'];
  const kept = [keptKey(id.user), keptUntilKey(id.user)];
  expect(transitionKeys(id)).toEqual([jobKey(id), leaseKey(id), ...unowned, logKey(id), ...kept]);
});

it('are different for different ids, whatever strangers choose', () => {
  const every = ([user = '', deployment = '']: string[]) => {
    const job = idOf(user, deployment);
    return [jobKey(job), logKey(job), leaseKey(job), cancelChannel(job)].join('\n');
  };
  expectInjective(tuples(userIds, 2), every);
  const ofUser = ([user]: string[]) => {
    const one = idOf(user ?? '', 'd').user;
    const keys = [indexKey(one), slotsKey(one), parkedKey(one), keptKey(one), keptUntilKey(one)];
    return [...keys, ...unfinishedRange(one)].join('\n');
  };
  expectInjective(tuples(userIds, 1), ofUser);
});
