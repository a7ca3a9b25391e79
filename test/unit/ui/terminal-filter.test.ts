import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { array, assert, constantFrom, integer, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { forTerminal, PLAIN, TerminalFilter } from '../../../src/ui/terminal-filter.js';

/** What passes of a text that comes in pieces of some bytes. */
function inPieces(text: string, size: number): string {
  const filter = new TerminalFilter();
  const data = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < data.length; at += size) out.push(filter.push(data.subarray(at, at + size)));
  return Buffer.concat([...out, filter.end()]).toString();
}

it.each([
  ['text', 'a ü 🐨\tb\r\nc\n', 'a ü 🐨\tb\r\nc\n'],
  [
    'colours, which end with the output',
    '\x1b[1;31mred\x1b[38:2:1:2:3mx',
    `\x1b[1;31mred\x1b[38:2:1:2:3mx${PLAIN}`,
  ],
  ['no movement of the cursor', 'a\x1b[2J\x1b[1;1H\x1b[?25lb\x1b[3A', 'ab'],
  ['no title', 'a\x1b]0;evil\x07b', 'ab'],
  ['no clipboard', 'a\x1b]52;c;ZXZpbA==\x1b\\b', 'ab'],
  ['no link', '\x1b]8;;http://evil\x1b\\good\x1b]8;;\x1b\\', 'good'],
  [
    'no device control, privacy, application or start of string',
    '\x1bPq#0\x1b\\\x1b^x\x1b\\\x1b_y\x1b\\\x1bXz\x1b\\.',
    '.',
  ],
  ['no question that is answered', '\x1b[c\x1b[6n\x05\x1bZ\x1b[>q.', '.'],
  ['no reset and no character set', '\x1bc\x1b(0\x0e\x1b#8x', 'x'],
  ['no controls of 8 bits', '\u009b2J\u009d0;evil\u0007\u0090x\u009c\u0085a\u009b31mb', 'ab'],
  ['no bell, backspace or delete', 'a\x07b\x08c\x7fd\x0be\x0c', 'abcde'],
  ['what a string hides up to a line end', '\x1b]0;never ended\nnext\n', '0;never ended\nnext\n'],
  ['no broken sequence', '\x1b[3\n1mx\x1b[', '3\n1mx'],
  ['no colour with a foreign sign in it', '\x1b[>4;1m\x1b[31 m\x1b[?1mx', 'x'],
])('%s', (_, text, shown) => {
  for (const size of [1, 2, 3, 5, 1_000]) expect(inPieces(text, size)).toBe(shown);
  expect(forTerminal(text)).toBe(shown);
});

it('whatever is printed, and wherever it is cut, only colours are left, and the same ones', () => {
  const pieces = [
    '\x1b',
    '[',
    ']',
    '3',
    '1',
    ';',
    'm',
    '\x07',
    '\\',
    'P',
    '\u009b',
    '\u009d',
    '\n',
    'x',
    '(',
    '?',
    'ü',
  ];
  assert(
    property(array(constantFrom(...pieces)), integer({ min: 1, max: 7 }), (text, size) => {
      const shown = inPieces(text.join(''), size);
      expect(shown.replace(/\x1b\[[0-9;:]*m/g, '')).not.toMatch(/[^\P{Cc}\n\r\t]/u);
      expect(shown).toBe(forTerminal(text.join('')));
    }),
    { numRuns: 2_000 },
  );
});

it('what is waited for is bounded', () => {
  const filter = new TerminalFilter();
  filter.push(Buffer.from(`\x1b]0;${'x'.repeat(4_000)}`));
  expect(filter.push(Buffer.from('y'.repeat(1_000))).length).toBeGreaterThan(5_000);
});

it('bytes that are no text reach no terminal', () => {
  assert(
    property(string({ unit: 'binary' }), (text) => {
      const filter = new TerminalFilter();
      const shown = filter.push(Buffer.from(text, 'latin1')).toString() + filter.end().toString();
      expect(shown.replace(/\x1b\[[0-9;:]*m/g, '')).not.toMatch(/[^\P{Cc}\n\r\t]/u);
    }),
  );
});

it('nothing but ui/output.ts and ui/print.ts writes to a terminal', () => {
  const src = resolve(import.meta.dirname, '../../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const writing = files.filter((file) =>
    /process\.std(out|err)\.write\(|console\./.test(readFileSync(join(src, file), 'utf8')),
  );
  // These two write into a pipe of koalaci's own, and into a file.
  expect(writing.sort()).toEqual(['artifact/pack.ts', 'runner/post-build.ts', 'ui/print.ts']);
});
