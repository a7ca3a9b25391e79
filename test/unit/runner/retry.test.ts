import { expect, it } from 'vitest';
import type { Cause } from '../../../src/job/ending.js';
import { isAnswer, mayRetry } from '../../../src/runner/retry.js';

const cause = (reason: Cause['reason'], step?: Cause['step']): Cause => ({
  reason,
  message: 'it ended',
  ...(step ? { step } : {}),
});

it.each([
  ['a build step that failed', cause('build_failed', 'build'), true],
  ['a build step that went silent', cause('silent', 'build'), true],
  ['a silent install', cause('silent', 'install'), false],
  ['a failed install', cause('install_failed', 'install'), false],
  ['a missing dist directory', cause('dist_missing', 'artifact'), false],
  ['a cancel', cause('canceled', 'build'), false],
  ['the time limit', cause('timed_out', 'build'), false],
  ['the memory limit', cause('out_of_memory', 'build'), false],
  ['the limit of processes', cause('pids_limit', 'build'), false],
  ['the disk limit', cause('disk_limit', 'build'), false],
  ['the limit of output', cause('log_limit', 'build'), false],
] as const)('for %s (%o), a second try may help: %s', (_, why, may) => {
  expect(mayRetry(why, 'Error: the cache is broken\n')).toBe(may);
});

it('does not make anybody wait for an error in a file of the project', () => {
  const output = "src/main.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.\n";
  expect(mayRetry(cause('build_failed', 'build'), output)).toBe(false);
  expect(mayRetry(cause('silent', 'build'), output)).toBe(false);
});

it.each([
  [cause('build_failed', 'build'), true],
  [cause('silent', 'build'), true],
  [cause('dist_missing', 'artifact'), true],
  [cause('timed_out', 'install'), true],
  [cause('out_of_memory', 'build'), true],
  [cause('install_failed', 'install'), false],
  [cause('source_failed', 'source'), false],
  [cause('internal', 'build'), false],
  [cause('runner_lost'), false],
  [cause('canceled', 'build'), false],
])('a second try that ended with %o clears the snapshot: %s', (why, answers) => {
  expect(isAnswer(why)).toBe(answers);
});
