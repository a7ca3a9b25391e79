import { existsSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { IdFile } from '../../../src/sandbox/id-file.js';

const ID = 'ab'.repeat(32);

it('knows the id once docker has written all of it, and then leaves no file', () => {
  const file = new IdFile();
  expect(file.read()).toBeUndefined();
  writeFileSync(file.path, '');
  expect(file.read()).toBeUndefined();
  writeFileSync(file.path, ID.slice(1));
  expect(file.read()).toBeUndefined();
  writeFileSync(file.path, ID);
  expect(file.read()).toBe(ID);
  expect(existsSync(file.path)).toBe(false);
  expect(file.read()).toBe(ID);
});

it('leaves no file where docker has written none, or half of an id', () => {
  const file = new IdFile();
  file.remove();
  writeFileSync(file.path, ID.slice(1));
  file.remove();
  expect(existsSync(file.path)).toBe(false);
});
