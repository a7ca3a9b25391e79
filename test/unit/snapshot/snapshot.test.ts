import { expect, it } from 'vitest';
import type { Image } from '../../../src/docker/image.js';
import type { JobRecord } from '../../../src/job/record.js';
import { isBrief, isUsable, isWorthSaving } from '../../../src/snapshot/snapshot.js';

const image = (id: string, labels: Record<string, string>, layers = 10): Image => ({
  ...{ id, labels, layers, bytes: 0, storage: { driver: 'overlay2', root: '/var/lib/docker' } },
});
const builder = image('b1', { 'koalaci.recipe': 'r1' });
const of = (id: string, layers?: number) => image('s', { 'koalaci.builder': id }, layers);
const elsewhere = (recipe: string) => image('s', { 'koalaci.builder': 'b2', 'koalaci.recipe': recipe });

it.each([
  ['of this builder image', of('b1'), false, true],
  ['of another builder image', of('b2'), false, false],
  ['that is not there', undefined, false, false],
  ['with as many layers as an engine mounts', of('b1', 100), false, false],
  ['with almost as many', of('b1', 99), false, true],
  ['of another machine with the same recipe', elsewhere('r1'), true, true],
  ['of another machine with another recipe', elsewhere('r2'), true, false],
  ['with the same recipe, where machines share nothing', elsewhere('r1'), false, false],
])('a snapshot %s is usable: %4$s', (_, snapshot, shared, usable) => {
  expect(isUsable(snapshot, builder, shared)).toBe(usable);
});

it('a builder image without a recipe is like no other machine’s', () => {
  expect(isUsable(elsewhere(''), image('b1', {}), true)).toBe(false);
});

const base = (warm?: { branch: string; commit: string }) => ({
  ...{ image: 'i', builder: 'b1', builderBytes: 0, storage: undefined },
  ...(warm ? { warm } : {}),
});
const built = (install: 'done' | 'skipped') =>
  ({
    ...{ branch: 'main', commit: 'c1' },
    steps: [{ step: 'install', startedAt: 0, ...(install === 'skipped' ? { skipped: true } : {}) }],
  }) as unknown as JobRecord;

it.each([
  ['a cold build', undefined, 'done', true],
  ['a cold build without an install', undefined, 'skipped', true],
  ['the same commit, with nothing installed', { branch: 'main', commit: 'c1' }, 'skipped', false],
  ['the same commit, with an install', { branch: 'main', commit: 'c1' }, 'done', true],
  ['another commit', { branch: 'main', commit: 'c0' }, 'skipped', true],
  ['the same commit of another branch', { branch: 'next', commit: 'c1' }, 'skipped', true],
] as const)('%s has something to save: %4$s', (_, warm, install, worth) => {
  expect(isWorthSaving(base(warm), built(install))).toBe(worth);
});

it.each([
  ['one that has not installed', 'skipped', 1_000, true],
  ['one that has installed', 'done', 1_000, false],
  ['one that took long', 'skipped', 60_000, false],
] as const)('%s is a brief build: %4$s', (_, install, took, brief) => {
  expect(isBrief(built(install), took)).toBe(brief);
});
