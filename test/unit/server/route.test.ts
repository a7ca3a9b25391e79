import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { signToken } from '../../../src/job/claims.js';
import { errorAnswer } from '../../../src/server/errors.js';
import { mount, type Route } from '../../../src/server/route.js';

const SECRET = 's'.repeat(48);
const koala: Route = {
  method: 'GET',
  path: '/koala',
  summary: 'Whose koala it is',
  answer: z.strictObject({ user: z.string() }),
  errors: [],
  handler: async ({ user }) => ({ user: user ?? 'nobody' }),
};

const app = fastify();
app.setErrorHandler((error, _request, reply) => reply.code(errorAnswer(error).status).send());
mount(
  app,
  [koala, { ...koala, path: '/open', open: true }, { ...koala, path: '/endless', endless: true }],
  SECRET,
);
const get = (url: string, headers = {}) => app.inject({ url, headers });
const authorization = `Bearer ${signToken('ann', SECRET)}`;

it('is answered to the user of a token', async () => {
  expect((await get('/koala', { authorization })).json()).toEqual({ user: 'ann' });
  expect((await get('/koala')).statusCode).toBe(401);
});

it('is answered to anybody when it is open, whatever token he has', async () => {
  expect((await get('/open')).json()).toEqual({ user: 'nobody' });
  expect((await get('/open', { authorization: 'Bearer x' })).statusCode).toBe(200);
});

it('is answered to HEAD too, unless its answer never ends', () => {
  const hasHead = (url: string) => app.hasRoute({ method: 'HEAD', url });
  expect(['/koala', '/open', '/endless'].map(hasHead)).toEqual([true, true, false]);
});
