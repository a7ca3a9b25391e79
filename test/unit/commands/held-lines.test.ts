// The end of a log that is followed: koalaci's words there are not shown twice.
import { expect, it } from 'vitest';
import { HeldLines, type Said } from '../../../src/commands/held-lines.js';

const FIRST = 'ERROR build_failed: it failed';
const own = (text: string): Said => ({ data: Buffer.from(text), own: true });
const build = (text: string): Said => ({ data: Buffer.from(text), own: false });

/** What is shown of these, and at the end: behind a mark what koalaci itself says. */
function shown(said: Said[], first: string | undefined): string {
  const held = new HeldLines();
  const all = [...said.flatMap((one) => held.push(one)), ...held.end(first)];
  return all.map(({ data, own }) => `${own ? '>' : ''}${data}`).join('');
}

it.each([
  [[build('a\n'), own(`koalaci: ${FIRST}\nkoalaci: Try again.\n`)], 'a\n'],
  [
    [build('a\n'), own('koalaci: the runner is stopping\n'), own(`koalaci: ${FIRST}\n`)],
    'a\n>koalaci: the runner is stopping\n',
  ],
  [[own('koalaci: no cache\n'), build('a\n')], '>koalaci: no cache\na\n'],
  [[build('a\nkoalaci: no end')], 'a\nkoalaci: no end'],
  [[build(`koalaci: ${FIRST}\n`)], `koalaci: ${FIRST}\n`],
])('of %j is %j', (said, output) => {
  expect(shown(said, FIRST)).toBe(output);
});

it('of a READY build loses nothing', () => {
  expect(shown([build('a\n'), own('koalaci: b\n')], undefined)).toBe('a\n>koalaci: b\n');
});
