import { expect, it } from 'vitest';
import { readYaml } from '../../../src/provenance/lockfiles/yaml.js';

it.each([
  ['maps in maps', 'a:\n  b:\n    c: 1\n  d: two words\n', { a: { b: { c: '1' }, d: 'two words' } }],
  ['text in quotes', `'@a/b': 'it''s'\n"c: d": "e\\n"\n`, { '@a/b': "it's", 'c: d': 'e\n' }],
  ['braces', `a: {b: c, 'd': [e, f], g: {h: 'i, j'}}\n`, { a: { b: 'c', d: ['e', 'f'], g: { h: 'i, j' } } }],
  ['lists, also as far out as their key', 'a:\n  - b\n  - c\nd:\n- e\n', { a: ['b', 'c'], d: ['e'] }],
  [
    'a long key, with its value below it',
    '? long\n: a: 1\n  b: 2\nc: 3\n',
    { long: { a: '1', b: '2' }, c: '3' },
  ],
  ['a long key with a text', '? long\n: text\n', { long: 'text' }],
  ['folded text', 'a: >-\n  one\n  two\n\n  three\nb: 1\n', { a: 'one two  three', b: '1' }],
  ['comments and empty lines', '# a\n\na: 1 # one\n  # two\nb: 2\n', { a: '1', b: '2' }],
  [
    'addresses in keys and values',
    'a@https://b/c.tgz:\n  d: https://e\n',
    { 'a@https://b/c.tgz': { d: 'https://e' } },
  ],
  ['nothing', '', {}],
])('reads %s', (_, text, value) => {
  expect(JSON.parse(JSON.stringify(readYaml(text)))).toEqual(value);
});
