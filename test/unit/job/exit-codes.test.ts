import { expect, it } from 'vitest';
import { ENDINGS } from '../../../src/job/ending.js';
import { ERROR_KINDS, exitCodeOf, KoalaError } from '../../../src/job/errors.js';
import { EXIT_CODES } from '../../../src/job/exit-codes.js';

it('every exit code has a meaning, and no others have one', () => {
  const ofErrors = ERROR_KINDS.map((kind) => exitCodeOf(new KoalaError(kind, '')));
  const ofEndings = Object.values(ENDINGS).map(({ exit }) => exit);
  expect(new Set(Object.keys(EXIT_CODES).map(Number))).toEqual(new Set([0, ...ofErrors, ...ofEndings]));
});
