import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { signToken } from '../../../src/job/claims.js';
import type { UserId } from '../../../src/job/identity.js';
import { authenticate, jobIdOf, readJsonAlways } from '../../../src/server/request.js';

const SECRET = 's'.repeat(48);
const token = signToken('ann', SECRET);

describe('who asks', () => {
  it.each([`Bearer ${token}`, `bearer  ${token} `])('is read from the token: %s', (authorization) => {
    expect(authenticate({ headers: { authorization } }, SECRET)).toBe('ann');
  });

  it.each([
    undefined,
    '',
    token,
    `Basic ${token}`,
    `Bearer ${token} x`,
    `Bearer ${signToken('ann', 'x'.repeat(48))}`,
  ])('is refused: %s', (authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    expect(() => authenticate({ headers }, SECRET)).toThrow(
      expect.objectContaining({ kind: 'unauthorised' }),
    );
  });
});

describe('the job that is asked for', () => {
  const user = 'ann' as UserId;

  it("is the user's", () => {
    expect(jobIdOf({ params: { id: 'v1.2' }, user })).toEqual({ user, deployment: 'v1.2' });
  });

  it.each([{}, { id: '' }, { id: '../x' }, { id: 'x'.repeat(129) }])('does not exist: %o', (params) => {
    expect(() => jobIdOf({ params, user })).toThrow(expect.objectContaining({ kind: 'not_found' }));
  });
});

describe('a body', () => {
  const app = fastify();
  readJsonAlways(app);
  app.post('/', async ({ body }) => body ?? 'nothing');
  const post = (payload: string, type: string) =>
    app.inject({ method: 'POST', url: '/', payload, headers: { 'content-type': type } });

  it.each([
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain',
  ])('is JSON as %s', async (type) => {
    expect((await post('{"leaf":1}', type)).json()).toEqual({ leaf: 1 });
  });

  it('that is not JSON is refused in words', async () => {
    expect((await post('{', 'application/json')).body).toContain('the body is not JSON');
  });
});
