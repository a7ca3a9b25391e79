import { expect, it } from 'vitest';
import { callbackBody, callOf } from '../../../src/callbacks/callback-body.js';
import { CallbackBody } from '../../../src/job/callback.js';
import type { Change } from '../../../src/store/changes.js';
import { artifact } from '../../support/records.js';

const change: Change = {
  ...{ id: '1-0', user: 'ann', attempt: 'a1', deployment: 'd1', project: 'site', status: 'BUILDING' },
  ...{ facts: { branch: 'main' }, time: 0, callback: 'sealed' },
};
const bodyOf = (fields: Partial<Change>, publicUrl?: string) =>
  CallbackBody.parse(JSON.parse(callbackBody({ ...change, ...fields }, publicUrl)));

it('says which job it is, how it stands and since when, and not whom it calls', () => {
  expect(bodyOf({})).toEqual({
    ...{ id: '1-0', user_id: 'ann', deployment_id: 'd1', project_id: 'site', attempt: 'a1' },
    ...{ branch: 'main', status: 'BUILDING', time: '1970-01-01T00:00:00.000Z' },
  });
});

it('says why a job has failed, where, and which lines matter', () => {
  const why = { reason: 'build_failed', step: 'build', message: 'it failed', remedy: 'Try.', extract: ['x'] };
  const steps = [
    { step: 'install' as const, startedAt: 5, endedAt: 5, skipped: true },
    { step: 'build' as const, startedAt: 5, endedAt: 12 },
  ];
  const facts = { commit: 'c'.repeat(40), ...why, exitCode: 0, steps };
  expect(bodyOf({ status: 'ERROR', facts })).toMatchObject({
    ...{ status: 'ERROR', commit: 'c'.repeat(40), ...why, exit_code: 0 },
    steps: [
      { step: 'install', ms: 0, skipped: true },
      { step: 'build', ms: 7 },
    ],
  });
});

it('says what was shipped and where to get it, and not where it is on the machine', () => {
  const ready = { status: 'READY', facts: { artifact } };
  const told = { files: 3, bytes: 708, archive_bytes: 500, sha256: 'ab'.repeat(32) };
  expect(bodyOf(ready).artifact).toEqual({ url: '/job/d1/artifact', ...told });
  expect(bodyOf(ready, 'https://builds.example.com').artifact?.url).toBe(
    'https://builds.example.com/job/d1/artifact',
  );
  expect(bodyOf({ facts: { artifact } }).artifact).toBeUndefined();
});

it('is read back by who signs it, also from an older version', () => {
  expect(callOf(callbackBody(change))).toMatchObject({ id: '1-0', user: 'ann' });
  expect(callOf('{"id":"1-0","deployment_id":"d1","status":"READY"}').user).toBe('');
});
