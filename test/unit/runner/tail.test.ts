import { expect, it } from 'vitest';
import { Tail } from '../../../src/runner/tail.js';

it.each([
  [['ab', 'c'], 'abc'],
  [['abc', 'def', 'gh'], 'efgh'.slice(-4)],
  [['a', 'bcdefghijk'], 'hijk'],
  [['abcd'], 'abcd'],
  [['abc', 'd', 'e'], 'bcde'],
])('keeps the last bytes of %j', (pieces, text) => {
  const tail = new Tail(4);
  for (const piece of pieces) tail.push(Buffer.from(piece));
  expect(tail.text()).toBe(text);
  expect(tail.text(2)).toBe(text.slice(-2));
});

it('begins anew', () => {
  const tail = new Tail(4);
  tail.push(Buffer.from('abcdef'));
  tail.clear();
  tail.push(Buffer.from('g'));
  expect(tail.text()).toBe('g');
});
