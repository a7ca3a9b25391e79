import { expect, it } from 'vitest';
import { callbackBody } from '../../../src/callbacks/callback-body.js';

it('a callback says which job, how it stands and since when, and not whom it calls', () => {
  const change = {
    id: '1-0',
    user: 'ann',
    attempt: 'a1',
    deployment: 'd1',
    project: 'site',
    status: 'ERROR',
    reason: 'timed_out',
    message: 'it took too long',
    time: 0,
    callback: 'sealed',
  };
  expect(JSON.parse(callbackBody(change))).toEqual({
    id: '1-0',
    user_id: 'ann',
    deployment_id: 'd1',
    project_id: 'site',
    attempt: 'a1',
    status: 'ERROR',
    reason: 'timed_out',
    message: 'it took too long',
    time: '1970-01-01T00:00:00.000Z',
  });
});

it('a callback of a job that goes on has no reason and no message', () => {
  const change = {
    ...{
      id: '2-0',
      user: 'ann',
      attempt: 'a1',
      deployment: 'd1',
      project: 'site',
      status: 'BUILDING',
      time: 1,
      callback: 'sealed',
    },
    ...{ reason: '', message: '' },
  };
  expect(Object.keys(JSON.parse(callbackBody(change)))).toEqual([
    'id',
    'user_id',
    'deployment_id',
    'project_id',
    'attempt',
    'status',
    'time',
  ]);
});
