import { expect, it } from 'vitest';
import { bodyOf } from '../../../src/callbacks/callbacks.js';
import { sign } from '../../../src/callbacks/deliver.js';

it('a callback is signed over its time and its body', () => {
  // printf '1700000000.{}' | openssl dgst -sha256 -hmac secret
  expect(sign('secret', '1700000000', '{}')).toBe(
    'b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163',
  );
});

it('a callback says which job, how it stands and since when, and not whom it calls', () => {
  const change = {
    id: '1-0',
    deployment: 'd1',
    project: 'site',
    status: 'ERROR',
    reason: 'timed_out',
    message: 'it took too long',
    time: 0,
    callback: 'sealed',
  };
  expect(JSON.parse(bodyOf(change))).toEqual({
    id: '1-0',
    deployment_id: 'd1',
    project_id: 'site',
    status: 'ERROR',
    reason: 'timed_out',
    message: 'it took too long',
    time: '1970-01-01T00:00:00.000Z',
  });
});
