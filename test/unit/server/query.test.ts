import { expect, it } from 'vitest';
import { KoalaError } from '../../../src/job/errors.js';
import { checkQuery, loggableUrl } from '../../../src/server/query.js';

function refusal(query: object, known = ['limit', 'branch']): KoalaError {
  try {
    checkQuery(query, known);
  } catch (error) {
    if (error instanceof KoalaError) return error;
  }
  throw new Error('it was taken');
}

it('takes what a route knows', () => {
  expect(() => checkQuery({ limit: '5' }, ['limit'])).not.toThrow();
  expect(() => checkQuery(undefined, [])).not.toThrow();
});

it('names each parameter that a route does not know, and the one that may be meant', () => {
  const { kind, message, remedy, fields } = refusal({ limt: '5', colour: 'red' });
  expect([kind, remedy]).toEqual(['bad_input', 'This route knows limit, branch.']);
  expect(message).toContain('"limt" is not a parameter of this route; did you mean limit?');
  expect(fields.map(({ path }) => path)).toEqual(['limt', 'colour']);
  expect(refusal({ x: '1' }, []).remedy).toBe('This route has no parameters in its query.');
});

it('takes no parameter twice', () => {
  expect(refusal({ limit: ['5', '6'] }).fields).toEqual([
    { path: 'limit', message: 'is given more than once' },
  ]);
});

it.each([
  ['/jobs?limit=5', '/jobs?limit=5'],
  ['/job/d1/log?token=abc.def', '/job/d1/log?token=***'],
  ['/job/d1/log?x=1&token=abc&y=2', '/job/d1/log?x=1&token=***&y=2'],
  ['/job/d1/log?%74oken=abc', '/job/d1/log?token=***'],
  ['/job/d1/log?x?token=abc', '/job/d1/log?x?token=abc'],
  ['/job/d1/log', '/job/d1/log'],
])('%s is logged as %s', (url, logged) => {
  expect(loggableUrl(url)).toBe(logged);
});
