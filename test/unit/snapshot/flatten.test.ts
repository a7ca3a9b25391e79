import { expect, it } from 'vitest';
import { needsFlattening } from '../../../src/snapshot/flatten.js';

const GIB = 1024 ** 3;
const image = (layers: number, bytes: number, flat?: number) => ({
  id: 'x',
  layers,
  bytes,
  labels: {
    'koalaci.builder-bytes': String(GIB),
    ...(flat === undefined ? {} : { 'koalaci.flat-bytes': String(flat) }),
  },
});

it.each([
  { name: 'a young snapshot stays as it is', snapshot: image(12, 1.5 * GIB), flat: false },
  { name: 'one of many layers is flattened', snapshot: image(40, 1.5 * GIB), flat: true },
  { name: 'one that keeps what it replaced is flattened', snapshot: image(12, 4 * GIB), flat: true },
  {
    name: 'one that has grown since it was flat is flattened again',
    snapshot: image(12, 1.3 * GIB, 0.1 * GIB),
    flat: true,
  },
  {
    name: 'a large project is not flattened again and again',
    snapshot: image(12, 4 * GIB, 2 * GIB),
    flat: false,
  },
])('$name', ({ snapshot, flat }) => {
  expect(needsFlattening(snapshot, { layers: 40 })).toBe(flat);
});
