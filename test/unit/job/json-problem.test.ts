import { expect, it } from 'vitest';
import { jsonProblem } from '../../../src/job/json-problem.js';

it.each([
  ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: a comma or "}" is missing'],
  ['{\n  "a": 1,\n}', 'line 3, column 1: a name in double quotes is missing'],
  ['{a: 1}', 'line 1, column 2: a name in double quotes or "}" is missing'],
  ["{'a': 1}", 'line 1, column 2: a name in double quotes or "}" is missing'],
  ['{"a" 1}', 'line 1, column 6: a colon is missing'],
  ['{"a": tru}', 'line 1, column 7: a value is missing, or is none that JSON has'],
  ['{"a": 01}', 'line 1, column 7: a value is missing, or is none that JSON has'],
  ['{"a": [1, 2,]}', 'line 1, column 13: a value is missing, or is none that JSON has'],
  ['[,]', 'line 1, column 2: a value or "]" is missing, or the value is none that JSON has'],
  ['{"a": [1', 'line 1, column 9: a comma or "]" is missing'],
  ['{"a": "x', 'line 1, column 9: a string has no end'],
  ['{"a": "x\ny"}', 'line 1, column 9: a string has a line end or a tab in it'],
  ['{"a": "C:\\dir"}', 'line 1, column 10: a string has a \\ before something else than it may'],
  ['{"a": "é🐨", b}', 'line 1, column 13: a name in double quotes is missing'],
  ['{} {}', 'line 1, column 4: something follows after its end'],
  ['// why\n{}', 'line 1, column 1: a value is missing, or is none that JSON has'],
  [' \n', 'it is empty'],
  [
    '['.repeat(1_000_000),
    'line 1, column 1000001: a value or "]" is missing, or the value is none that JSON has',
  ],
])('says where a text stops being JSON: %.40j', (text, problem) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(jsonProblem(text)).toBe(problem);
});

it('finds nothing in what is JSON', () => {
  const text = ' {"a": [1, -0.5e+10, [], {}, "\\u00e9\\n", true, null], "": {"b": [[{}]]}} ';
  expect(() => JSON.parse(text)).not.toThrow();
  expect(jsonProblem(text)).toBe('line 1, column '.concat(`${text.length + 1}: it is another text`));
});
