import { expect, it } from 'vitest';
import { isAtLeast } from '../../src/doctor.js';

it.each([
  ['29.5.1', '29.5.1', true],
  ['29.10.0', '29.5.1', true],
  ['30.0', '29.5.1', true],
  ['20.10.24+dfsg1', '29.5.1', false],
  ['29.5', '29.5.1', false],
  ['', '1.2.8', false],
])('%s is at least %s: %s', (version, floor, enough) => {
  expect(isAtLeast(version, floor)).toBe(enough);
});
