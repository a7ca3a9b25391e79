import { expect, it } from 'vitest';
import { countLines, HeadAndTail, splitAtLastLine } from '../../../src/store/log-chunks.js';

it('keeps head and tail of a log over its limit, and lets the middle go', () => {
  const kept = new HeadAndTail(10);
  const here = new Set<number>();
  for (let seq = 1; seq <= 100; seq++) {
    here.add(seq);
    for (const gone of kept.add(seq, 1)) here.delete(gone);
  }
  expect([...here]).toEqual([1, 2, 3, 4, 5, 96, 97, 98, 99, 100]);
});

it('keeps the last chunk, though it alone is over the limit', () => {
  const kept = new HeadAndTail(10);
  expect(kept.add(1, 100)).toEqual([]);
  expect(kept.add(2, 100)).toEqual([1]);
});

it('splits after the last whole line', () => {
  const [whole, rest] = splitAtLastLine(Buffer.from('a\nb\nc'));
  expect([whole.toString(), rest.toString()]).toEqual(['a\nb\n', 'c']);
  expect(countLines(whole)).toBe(2);
});
