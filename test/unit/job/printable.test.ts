import { expect, it } from 'vitest';
import { printableJson, visible, visibleLines } from '../../../src/job/printable.js';

it.each([
  ['plain ü 🐨', 'plain ü 🐨'],
  ['a\x1b[31mb\n', 'a\\x1b[31mb\\x0a'],
  ['a\u009b2Jb', 'a\\x9b2Jb'],
  ['cod.\u202eexe', 'cod.\\u202eexe'],
  ['a\u2066b\u2069\u200f\u061c\u2028', 'a\\u2066b\\u2069\\u200f\\u061c\\u2028'],
])('spells out the controls in %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

it('leaves the line ends of a text of several lines', () => {
  expect(visibleLines('a\x07\nb')).toBe('a\\x07\nb');
});

it('writes JSON that a program reads as before, and a terminal without controls', () => {
  const value = { 'a\u009b': ['\x1b]52;c;x\x07', '\u202e'] };
  const json = printableJson(value);
  expect(JSON.parse(json)).toEqual(value);
  expect(json).toMatch(/^[ -~]*$/);
});
