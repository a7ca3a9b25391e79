// The end of a log that is followed: koalaci's words there are not shown twice.
import { expect, it } from 'vitest';
import { HeldLines } from '../../../src/commands/held-lines.js';

const FIRST = 'ERROR build_failed: it failed';

/** What is shown of these data, and at the end. */
function shown(data: string[], first: string | undefined): string {
  const held = new HeldLines();
  const all = data.map((piece) => held.push(Buffer.from(piece)));
  return Buffer.concat([...all, held.end(first)]).toString();
}

it.each([
  [['a\n', `koalaci: ${FIRST}\nkoalaci: Try again.\n`], 'a\n'],
  [[`a\nkoalaci: ${FIRST}\n`], 'a\n'],
  [['koalaci: npm ci\n', `koalaci: ${FIRST}\n`], 'koalaci: npm ci\n'],
  [['koalaci: npm ci\n', 'a\n'], 'koalaci: npm ci\na\n'],
  [['a\nkoalaci: no end'], 'a\nkoalaci: no end'],
  [[`koalaci: ${FIRST}\n`, 'a build printed that\n'], `koalaci: ${FIRST}\na build printed that\n`],
])('of %j is %j', (data, output) => {
  expect(shown(data, FIRST)).toBe(output);
});

it('of a READY build loses nothing', () => {
  expect(shown(['a\nkoalaci: b\n'], undefined)).toBe('a\nkoalaci: b\n');
});
