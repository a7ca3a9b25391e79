import { expect, it } from 'vitest';
import {
  countLines,
  HeadAndTail,
  piecesOf,
  splitAtLastLetter,
  splitAtLastLine,
} from '../../../src/store/log-chunks.js';

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

it.each([
  ['ASCII', 'abc', 3],
  ['a whole letter of 2 bytes', 'aé', 3],
  ['a whole letter of 4 bytes', 'a🐨', 5],
  ['1 byte of 2', Buffer.from('aé').subarray(0, 2), 1],
  ['1 byte of 4', Buffer.from('a🐨').subarray(0, 2), 1],
  ['2 bytes of 3', Buffer.from('a€').subarray(0, 3), 1],
  ['3 bytes of 4', Buffer.from('a🐨').subarray(0, 4), 1],
  ['bytes that never become a letter', Buffer.from([0x61, 0x80, 0x80, 0x80, 0x80]), 5],
  ['a byte that begins none', Buffer.from([0x61, 0xff]), 2],
  ['nothing', '', 0],
])('splits between letters: %s', (_, data, bytes) => {
  const all = Buffer.from(data as string);
  const [whole, rest] = splitAtLastLetter(all);
  expect(whole.length).toBe(bytes);
  expect(Buffer.concat([whole, rest])).toEqual(all);
});

it('cuts into pieces after lines, else between letters', () => {
  const pieces = (text: string, most: number) => [...piecesOf(Buffer.from(text), most)].map(String);
  expect(pieces('ab\ncd\nefgh', 7)).toEqual(['ab\ncd\n', 'efgh']);
  expect(pieces('éééé', 3)).toEqual(['é', 'é', 'é', 'é']);
  expect(pieces('a\n', 64)).toEqual(['a\n']);
});
