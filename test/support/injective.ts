// Properties of names: what is different has different names, whatever strangers choose for their ids.
import { type Arbitrary, array, assert, constantFrom, integer, property, string } from 'fast-check';
import { expect } from 'vitest';

/** Letters that mean something in keys, tags, paths or escapes, a few that do not, and one of several bytes. */
const LETTERS = [
  'a',
  'A',
  'b',
  '0',
  '2',
  'E',
  '.',
  '-',
  '_',
  ':',
  '/',
  '%',
  '~',
  '@',
  '?',
  '#',
  '=',
  ',',
  ' ',
  'ü',
];

/** Ids of all lengths that a token may give a user, built of few letters so that similar ones meet. */
export const userIds: Arbitrary<string> = string({
  unit: constantFrom(...LETTERS),
  minLength: 1,
  maxLength: 128,
});

/** Ids as a payload may have them for projects and deployments. */
export const plainIds: Arbitrary<string> = string({
  unit: constantFrom('a', 'A', '0', '9', 'f', '.', '-', '_'),
  minLength: 0,
  maxLength: 20,
}).map((rest) => `a${rest}`);

/** Lists of parts, of which neighbours differ in where one part ends and the next begins. */
export function tuples(of: Arbitrary<string>, length: number): Arbitrary<string[]> {
  return array(of, { minLength: length, maxLength: length });
}

/**
 * Asserts that no two values have one name: not drawn ones, not those that differ in one letter, and not those that differ
 * only in where the parts are cut.
 */
export function expectInjective(of: Arbitrary<string[]>, name: (parts: string[]) => string): void {
  assert(
    property(of, of, integer({ min: 0 }), (one, other, at) => {
      for (const another of [other, shifted(one, at), changed(one, at)])
        if (JSON.stringify(one) !== JSON.stringify(another)) expect(name(one)).not.toBe(name(another));
    }),
    { numRuns: 300 },
  );
}

/** The same letters with another border between two parts. */
function shifted(parts: string[], at: number): string[] {
  const whole = parts.join('');
  if (parts.length < 2) return [`${whole}a`];
  const first = (at % Math.max(1, whole.length - parts.length + 1)) + 1;
  return [whole.slice(0, first), whole.slice(first), ...parts.slice(2).map(() => 'a')];
}

function changed(parts: string[], at: number): string[] {
  const index = at % parts.length;
  const letter = LETTERS[at % LETTERS.length] ?? '';
  return parts.map((part, n) => {
    const cut = at % (part.length + 1);
    return n === index ? part.slice(0, cut) + letter + part.slice(cut + 1) : part;
  });
}
