import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { systemWords, systemWordsOfWriting } from '../../../src/job/system-words.js';

const thrown = (path: string): unknown => {
  try {
    return readFileSync(path);
  } catch (error) {
    return error;
  }
};

it('says what the system says of a file in words', () => {
  expect(systemWords(thrown('/nonexistent/file'))).toBe('it is not there');
  expect(systemWords(thrown('/'))).toBe('it is a directory');
  expect(systemWordsOfWriting(thrown('/nonexistent/file'))).toBe('its directory is not there');
});

it('leaves what it does not know as it is', () => {
  expect(systemWords(new Error('the gate is shut'))).toBe('the gate is shut');
  expect(systemWords(undefined)).toBe('undefined');
});
