import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { isDead, isDeadBySuffix, runnerSuffix, thisRunner } from '../../../src/runner/runner-id.js';

const containerOf = (runner: string) => `koalaci-0123456789abcdef01234567-${runnerSuffix(runner)}`;

it('knows that it lives itself', () => {
  expect(isDead(thisRunner())).toBe(false);
  expect(isDeadBySuffix(containerOf(thisRunner()))).toBe(false);
});

it('knows a process of this machine to be dead when its number is another’s, or of another boot', () => {
  const [host, boot, pid] = thisRunner().split('/');
  for (const dead of [`${host}/${boot}/${pid}/1`, `${host}/0badb007/${pid}/1`]) {
    expect(isDead(dead)).toBe(true);
    expect(isDeadBySuffix(containerOf(dead))).toBe(true);
  }
});

it('knows nothing of other machines, nor of names without a runner', () => {
  const other = thisRunner().replace(hostname(), 'elsewhere');
  expect(isDead(other)).toBe(false);
  expect(isDeadBySuffix(containerOf(other))).toBe(false);
  expect(isDeadBySuffix('koalaci-0123456789abcdef01234567')).toBe(false);
});
