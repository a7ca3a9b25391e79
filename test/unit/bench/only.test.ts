import { expect, it } from 'vitest';
import { chosenParts } from '../../bench/only.js';

const known = ['next', 'log', 'service'];

it.each([
  ['nothing', undefined, known],
  ['one', ['log'], ['log']],
  ['a list', ['log,service'], ['log', 'service']],
  ['a list with spaces', ['log, service'], ['log', 'service']],
  ['the flag twice', ['log', 'next'], ['log', 'next']],
])('measures what is asked for by %s', (_, asked, parts) => {
  expect(chosenParts(asked, known)).toEqual(parts);
});

it.each([['logs'], ['log,'], [''], ['log,servce']])('refuses "%s", and names what there is', (asked) => {
  expect(() => chosenParts([asked], known)).toThrow(/no ".*" to measure; there is next, log, service$/);
});
