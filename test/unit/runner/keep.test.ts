import { expect, it } from 'vitest';
import { type Ending, endingOf, type Reason } from '../../../src/job/ending.js';
import type { Step } from '../../../src/job/status.js';
import { isWorthKeeping } from '../../../src/runner/keep.js';

const end = (reason: Reason, step?: Step): Ending =>
  endingOf({ reason, message: 'so', ...(step ? { step } : {}) });

it.each<[string, Ending, Step | undefined, boolean]>([
  ['whose command failed', end('build_failed', 'build'), undefined, true],
  ['whose install failed', end('install_failed', 'install'), undefined, true],
  ['that took too long, in the step that ran', end('timed_out'), 'build', true],
  ['that ran out of memory', end('out_of_memory', 'build'), undefined, true],
  ['without a source', end('source_failed', 'source'), undefined, false],
  ['that took too long to fetch its source', end('timed_out'), 'source', false],
  ['that has filled its disk', end('disk_limit', 'build'), undefined, false],
  ['that was canceled', end('canceled', 'build'), undefined, false],
  ['that lost its runner', end('runner_lost', 'build'), undefined, false],
  ['that never began', end('internal'), undefined, false],
  ['that is READY', { status: 'READY' }, 'artifact', false],
])('the container of a build %s is worth looking into, or not', (_, ending, step, isKept) => {
  expect(isWorthKeeping(ending, step)).toBe(isKept);
});
