import { expect, it } from 'vitest';
import { ERROR_KINDS, exitCodeOf, httpStatusOf, KoalaError, messageOf } from '../../../src/job/errors.js';

it.each([
  ['internal', 1, 500],
  ['bad_input', 2, 400],
  ['source_failed', 1, 400],
  ['too_large', 2, 413],
  ['unsatisfiable', 2, 416],
  ['unauthorised', 3, 401],
  ['not_found', 4, 404],
  ['environment', 5, 503],
  ['conflict', 6, 409],
  ['over_limit', 6, 429],
] as const)('%s is exit code %i and HTTP status %i', (kind, exit, http) => {
  expect(ERROR_KINDS).toContain(kind);
  expect(exitCodeOf(new KoalaError(kind, 'it is so'))).toBe(exit);
  expect(httpStatusOf(kind)).toBe(http);
});

it('there is no kind but these', () => {
  expect(ERROR_KINDS).toHaveLength(10);
});

it('an unknown error is our bug', () => {
  expect([new Error('x'), 'x', undefined].map(exitCodeOf)).toEqual([1, 1, 1]);
});

it('keeps what caused it, and says what to do', () => {
  const cause = new Error('ECONNREFUSED');
  const error = new KoalaError('environment', 'Redis does not answer', { remedy: 'Start it.', cause });
  expect(error).toMatchObject({ message: 'Redis does not answer', remedy: 'Start it.', cause });
  expect([messageOf(error), messageOf('text')]).toEqual(['Redis does not answer', 'text']);
});
