import { describe, expect, it } from 'vitest';
import { cutTo, padTo, shortenTo, widthOf } from '../../../src/ui/cells.js';

it.each([
  ['plain', 5],
  ['日本語', 6],
  ['한국', 4],
  ['e\u0301', 1],
  ['🐨', 2],
  ['\u200b\u200d', 0],
  ['\x1b[1;31mred\x1b[0m', 3],
  ['ｆｕｌｌ', 8],
])('%j takes %i cells', (text, cells) => {
  expect(widthOf(text)).toBe(cells);
});

describe('cutting', () => {
  it('leaves what fits, and shows that something is left out', () => {
    expect(cutTo(5, 'plain')).toBe('plain');
    expect(cutTo(4, 'plain')).toBe('pla…');
  });

  it('never takes more cells than there are, whatever the letters', () => {
    for (const text of ['日本語のログ', '🐨🐨🐨', 'a日b本c', 'e\u0301'.repeat(9), '\x1b[31m日本\x1b[0m語'])
      for (let width = 1; width < 10; width++) expect(widthOf(cutTo(width, text))).toBeLessThanOrEqual(width);
  });

  it('keeps the colours of what is left out: what follows would have others', () => {
    expect(cutTo(3, '\x1b[31mred text\x1b[0m')).toBe('\x1b[31mre\x1b[0m…');
  });

  it('shows tabs as spaces', () => {
    expect(cutTo(20, 'a\tb')).toBe('a       b');
  });
});

it('shortens names in their middle', () => {
  expect(shortenTo(11, 'my-site-3f9c2a1-b04d7e')).toBe('my-si…04d7e');
  expect(shortenTo(30, 'my-site')).toBe('my-site');
  expect(widthOf(shortenTo(6, '日本語日本語'))).toBeLessThanOrEqual(6);
});

it('fills up to a width', () => {
  expect(padTo(4, '日')).toBe('日  ');
});
