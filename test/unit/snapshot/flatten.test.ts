import { expect, it } from 'vitest';
import { needsFlattening } from '../../../src/snapshot/flatten.js';

const MIB = 1024 ** 2;
const BUILDER = [100 * MIB, 0, 900 * MIB];

/** A snapshot with these layers on the builder image, in MiB. */
function needs(own: number[], layers = 12): boolean {
  const sizes = [...BUILDER, ...own.map((size) => size * MIB)];
  const bytes = sizes.reduce((all, size) => all + size, 0);
  const labels = { 'koalaci.builder-bytes': String(1000 * MIB) };
  const storage = { driver: 'overlay2', root: undefined };
  return needsFlattening({ id: 'x', layers, bytes, labels, storage }, sizes, { layers: 40 });
}

it.each([
  { name: 'a clean build’s', own: [500], flat: false },
  { name: 'one of a large project that has grown a little', own: [500, 0, 20, 30], flat: false },
  { name: 'one that keeps much of what it replaced', own: [100, 20, 30], flat: true },
  { name: 'a small one that has grown by little more than nothing', own: [0.1, 0.5, 1], flat: false },
  { name: 'a small one that has grown to a large one', own: [0.1, 3, 3], flat: true },
])('$name: $flat', ({ own, flat }) => {
  expect(needs(own)).toBe(flat);
});

it('one of many layers is flattened, however small they are', () => {
  expect(needs([100], 40)).toBe(true);
});
