import { expect, it } from 'vitest';
import { isDrawnOver, lastFrames } from '../../../src/job/last-frame.js';

const last = (text: string) => lastFrames(Buffer.from(text)).toString();

it.each([
  ['nothing to do', 'a\nb\n', 'a\nb\n'],
  ['frames that begin with a carriage return', '\r1%\r50%\r100%\nnext\n', '100%\nnext\n'],
  ['frames that end with one', '1%\r50%\r100%\r\nnext\n', '100%\r\nnext\n'],
  ['line ends of Windows', 'a\r\nb\r\n', 'a\r\nb\r\n'],
  ['a bar that is not finished', 'a\n1%\r50%', 'a\n50%'],
  ['a frame that ends just now', '1%\r50%\r', '50%\r'],
  ['the column in a sequence', '1%\x1b[1G50%\x1b[G\x1b[0K100%\n', '\x1b[0K100%\n'],
  ['nothing after the sequence', '1%\x1b[G\n', '1%\x1b[G\n'],
])('keeps the last frame of each line: %s', (_, text, expected) => {
  expect(last(text)).toBe(expected);
});

it('knows a line that is drawn over', () => {
  expect(isDrawnOver(Buffer.from('Proceed? '))).toBe(false);
  expect(isDrawnOver(Buffer.from('50%\r'))).toBe(true);
});
