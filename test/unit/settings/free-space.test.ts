import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { parseReserve, reservedOf, showSpace, spaceAt } from '../../../src/settings/free-space.js';

const GIB = 1024 ** 3;

it.each([
  ['10%,5g', 20 * GIB, 2 * GIB],
  ['10%,5g', 100 * GIB, 5 * GIB],
  ['5g , 10%', 100 * GIB, 5 * GIB],
  ['10%', 100 * GIB, 10 * GIB],
  ['5g', 4 * GIB, 4 * GIB],
  ['0.5%', 100 * GIB, GIB / 2],
])('%s of a disk of %i bytes is %i', (text, total, reserved) => {
  expect(reservedOf(parseReserve('X', text), total)).toBe(reserved);
});

it('knows the space of a disk, unless it is not on this machine', async () => {
  const space = await spaceAt(tmpdir(), { bytes: 1, percent: 100 });
  expect(space?.free).toBeGreaterThan(0);
  expect(space?.reserved).toBe(1);
  expect(await spaceAt('/no/such/directory', { bytes: 1, percent: 100 })).toBeUndefined();
});

it('says it in words', () => {
  expect(showSpace({ free: 3 * GIB, reserved: 5 * GIB })).toBe('3 GiB free, of 5 GiB that builds leave free');
});
