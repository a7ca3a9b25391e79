import { expect, it } from 'vitest';
import { KoalaError } from '../../../src/job/errors.js';
import { errorAnswer } from '../../../src/server/errors.js';

it.each([
  ['a refusal of ours', new KoalaError('conflict', 'it runs'), 409, 'conflict', 'it runs'],
  ['a Redis that is away', new Error('Connection is closed.'), 503, 'environment', 'Redis does not answer'],
  ['a bug', new Error('secret at /home/x.ts:1'), 500, 'internal', 'koalaci failed'],
  [
    'a body over the limit',
    Object.assign(new Error('big'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }),
    413,
    'too_large',
    '1 MiB',
  ],
  [
    'what fastify cannot read',
    Object.assign(new Error('bad url'), { statusCode: 400 }),
    400,
    'bad_input',
    'bad url',
  ],
])('%s', (_what, error, status, code, message) => {
  const answer = errorAnswer(error);
  expect(answer).toMatchObject({ status, body: { error: { code } } });
  expect(answer.body.error.message).toContain(message);
});
