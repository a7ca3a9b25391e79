import { expect, it } from 'vitest';
import { LOG_PARAMETERS, logFilterOf } from '../../../src/server/log-query.js';

it('reads which lines are wanted', () => {
  expect(logFilterOf({})).toEqual({});
  const filter = logFilterOf({ step: 'build', grep: '(a+)+$', tail: '20', since: '2026-01-31T12:00:00Z' });
  expect(filter).toEqual({
    step: 'build',
    grep: '(a+)+$',
    tail: 20,
    since: Date.parse('2026-01-31T12:00:00Z'),
  });
});

it.each([
  [{ tail: '0' }, /tail: must be a whole number/],
  [{ since: 'soon' }, /since: must be how long ago/],
  [{ step: 'test' }, /step: must be one of source/],
  [{ grep: '' }, /grep: must have 1 to/],
])('refuses %j by name', (query, why) => {
  expect(() => logFilterOf(query)).toThrow(why);
});

it('says all of them to programs', () => {
  expect(LOG_PARAMETERS.map(({ name }) => name)).toEqual(['step', 'since', 'grep', 'tail']);
});
