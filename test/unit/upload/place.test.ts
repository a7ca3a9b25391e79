import { expect, it } from 'vitest';
import { placeOf, slugOf } from '../../../src/upload/place.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

const preview = { branch: 'next', environment: 'preview' } as const;

it.each([
  ['the default branch', { branch: 'main', environment: 'production' } as const, undefined, 'current'],
  ['another branch', preview, undefined, 'branches/next/current'],
  ['a branch that the target names', preview, ['next'], 'current'],
  [
    'the default branch, where it names others',
    { ...preview, branch: 'main' },
    ['next'],
    'branches/main/current',
  ],
  ['a job of less trust', { ...preview, lessTrust: true }, ['next'], 'branches/next/current'],
])('%s has its place', (_, placed, branches, place) => {
  expect(placeOf(placed, branches)).toBe(place);
});

it.each(['main', 'feature-2', 'a'])('the branch %s is its own label', (branch) => {
  expect(slugOf(branch)).toBe(branch);
});

it.each([
  'feature/x',
  'Main',
  '..',
  '-a',
  'a--b',
  'ü',
  'x'.repeat(250),
  'a-0123456789',
  '0123456789',
])('the branch %s gets a label of its own', (branch) => {
  expect(slugOf(branch)).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  expect(slugOf(branch)).not.toBe(branch);
  // Who knows how labels are made cannot name a branch like one.
  expect(slugOf(slugOf(branch))).not.toBe(slugOf(branch));
});

it('no two branches have one label, whatever strangers call them', () => {
  expectInjective(tuples(userIds, 1), ([branch = '']) => slugOf(branch));
});
