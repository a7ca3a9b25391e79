import { hostname } from 'node:os';
import { assert, property } from 'fast-check';
import { expect, it } from 'vitest';
import { buildName, runnerOfName, savingName } from '../../../src/docker/names.js';
import type { InstallationId, JobId } from '../../../src/job/identity.js';
import { hostInName, isDead, thisRunner } from '../../../src/runner/runner-id.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

const installation = '0123456789ab' as InstallationId;
const id = { user: 'ann', deployment: 'd' } as JobId;
const [boot = '', pid = ''] = thisRunner().split('-').slice(-3);
const host = thisRunner().slice(0, thisRunner().indexOf(`-${boot}-${pid}-`));

/** As another process reads it: from the name of the container. */
const readBack = (runner: string) =>
  runnerOfName(savingName(buildName(installation, id, { attempt: 'a', runner }))) ?? '';

it('knows that it lives itself', () => {
  expect(isDead(thisRunner())).toBe(false);
  expect(isDead(readBack(thisRunner()))).toBe(false);
});

it.each([
  ['number is another’s', `${host}-${boot}-${pid}-1`],
  ['boot is another', `${host}-0badb007-${pid}-1`],
])('knows a process of this machine to be dead when its %s', (_, dead) => {
  expect(isDead(dead)).toBe(true);
  expect(isDead(readBack(dead))).toBe(true);
});

it('knows nothing of other machines, nor of what is no runner', () => {
  const other = thisRunner().replace(hostname(), 'else-where');
  expect(other).not.toBe(thisRunner());
  expect(isDead(other)).toBe(false);
  expect(isDead(readBack(other))).toBe(false);
  expect(isDead('')).toBe(false);
  expect(isDead('koalaci')).toBe(false);
});

it('calls no two hosts the same, with letters that a container’s name may have', () => {
  expect(hostInName('build-box.lan')).toBe('build-box.lan');
  expectInjective(tuples(userIds, 1), ([host = '']) => hostInName(host));
  assert(
    property(userIds, (host) => {
      expect(hostInName(host)).toMatch(/^[\w.-]+$/);
    }),
  );
});
