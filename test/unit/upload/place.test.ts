import { expect, it } from 'vitest';
import { placeOf, slugOf } from '../../../src/upload/place.js';
import { expectInjective, tuples, userIds } from '../../support/injective.js';

const repository = 'example.org/site';
const main = { branch: 'main', environment: 'production', repository } as const;
const next = { branch: 'next', environment: 'preview', repository } as const;

it.each([
  ['the default branch', main, undefined, 'current'],
  ['another branch', next, undefined, 'branches/next/current'],
  ['a branch that the target names', next, ['next'], 'current'],
  ['the default branch, where it names others', main, ['next'], 'branches/main/current'],
])('%s has its place', (_, placed, branches, place) => {
  expect(placeOf(placed, branches)).toBe(place);
});

it('a job of less trust is never the site, and no branch of another repository', () => {
  const fork = { ...next, lessTrust: true, environment: 'production' } as const;
  const places = [placeOf(fork, undefined), placeOf({ ...fork, repository: 'example.org/other' }, ['next'])];
  expect(places[0]).toMatch(/^branches\/next-example-org-site-[0-9a-f]{10}\/current$/);
  expect(new Set([...places, placeOf(next, undefined)]).size).toBe(3);
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
