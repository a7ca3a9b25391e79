import { expect, it } from 'vitest';
import { endingOf, exitCodeOfEnding, isFinal, mayBecome, STATUSES } from '../../../src/job/status.js';

it.each([
  ['QUEUED', 'BUILDING', true],
  ['QUEUED', 'READY', false],
  ['BUILDING', 'READY', true],
  ['BUILDING', 'CANCELED', true],
  ['BUILDING', 'QUEUED', true],
  ['READY', 'BUILDING', false],
  ['CANCELED', 'READY', false],
  ['ERROR', 'QUEUED', false],
] as const)('from %s to %s: %s', (from, to, allowed) => {
  expect(mayBecome(from, to)).toBe(allowed);
});

it('has three statuses that are final', () => {
  expect(STATUSES.filter(isFinal)).toEqual(['READY', 'ERROR', 'CANCELED']);
});

it.each([
  [undefined, 'READY', 0],
  [{ reason: 'canceled', message: '' }, 'CANCELED', 130],
  [{ reason: 'timed_out', message: '' }, 'ERROR', 124],
  [{ reason: 'build_failed', message: '', exitCode: 137 }, 'ERROR', 1],
] as const)('makes of the cause %o the status %s and the exit code %i', (cause, status, code) => {
  const ending = endingOf(cause);
  expect(ending.status).toBe(status);
  expect(exitCodeOfEnding(ending)).toBe(code);
});
