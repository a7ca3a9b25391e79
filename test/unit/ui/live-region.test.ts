import { expect, it } from 'vitest';
import { widthOf } from '../../../src/ui/cells.js';
import { LiveRegion } from '../../../src/ui/live-region.js';
import { Terminal } from '../../support/terminal.js';

it('draws its lines anew, below what stays', () => {
  const terminal = new Terminal(20);
  const region = new LiveRegion(terminal, widthOf);
  terminal.write('$ koalaci run\n');
  region.draw([], ['one', 'two', 'three']);
  region.draw(['a line that stays, and that has more than a row'], ['four']);
  region.draw([], ['five', 'six']);
  expect(terminal.text).toBe('$ koalaci run\na line that stays, a\nnd that has more tha\nn a row\nfive\nsix');
  region.draw(['the end'], []);
  expect(terminal.text).toBe('$ koalaci run\na line that stays, a\nnd that has more tha\nn a row\nthe end');
});

it('cuts its own lines at the edge, also where letters are wider than was counted', () => {
  const terminal = new Terminal(10);
  const region = new LiveRegion(terminal, () => 1);
  region.draw([], ['日本語日本語日本語', 'next']);
  region.draw([], ['日本語日本語日本語', 'last']);
  expect(terminal.text).toBe('日本語日本\nlast');
});

it('takes back the rows into which a terminal has broken its lines when it was made narrower', () => {
  const written: string[] = [];
  const stream = { columns: 80, write: (text: string) => written.push(text) };
  const region = new LiveRegion(stream, widthOf);
  region.draw([], ['x'.repeat(75), 'short']);
  stream.columns = 30;
  region.draw([], ['new']);
  // 75 cells are three rows of 30, and one more.
  expect(written.at(-1)).toContain('\r\x1b[3A');
});

it('writes nothing where nothing is to be drawn', () => {
  const terminal = new Terminal();
  const region = new LiveRegion(terminal, widthOf);
  region.draw([], []);
  expect(terminal.text).toBe('');
});
