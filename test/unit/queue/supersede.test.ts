import { expect, it } from 'vitest';
import type { JobRecord } from '../../../src/job/record.js';
import { isSuperseded } from '../../../src/queue/supersede.js';

const newer = { deployment: 'new', project: 'site', branch: 'main', createdAt: 10 } as JobRecord;

it.each([
  ['an older one of the branch', {}, true],
  ['one of the same millisecond', { createdAt: 10 }, true],
  ['a newer one', { createdAt: 11 }, false],
  ['one of another branch', { branch: 'next' }, false],
  ['one of another project', { project: 'shop' }, false],
  ['itself', { deployment: 'new' }, false],
])('%s', (_what, fields, expected) => {
  const other = { ...newer, deployment: 'old', createdAt: 9, ...fields } as JobRecord;
  expect(isSuperseded(other, newer)).toBe(expected);
});
