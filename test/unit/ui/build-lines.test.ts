import { describe, expect, it } from 'vitest';
import { BuildLines } from '../../../src/ui/build-lines.js';

const shown = (pieces: (string | Buffer)[], options?: { colours: boolean }) => {
  const lines = new BuildLines(options);
  return [...pieces.flatMap((piece) => lines.push(Buffer.from(piece as string))), ...lines.end()];
};

describe('what a build prints', () => {
  it('comes as lines, wherever it is cut', () => {
    expect(shown(['on', 'e\ntw', 'o\nthree'])).toEqual(['one', 'two', 'three']);
    expect(shown([Buffer.from('ü\n').subarray(0, 1), Buffer.from('ü\n').subarray(1)])).toEqual(['ü']);
  });

  it('has the last frame of a progress bar, whether that begins or ends with a carriage return', () => {
    expect(shown(['\r10%', '\r50%', '\r100%\n'])).toEqual(['100%']);
    expect(shown(['10%\r', '50%\r', '100%\r', '\nnext\n'])).toEqual(['100%', 'next']);
    expect(shown(['10%\x1b[1G', '20%\x1b[G\x1b[0K30%\n'])).toEqual(['30%']);
    expect(shown(['dos\r\nline\r\n'])).toEqual(['dos', 'line']);
  });

  it('shows the frame that is there now', () => {
    const lines = new BuildLines();
    lines.push(Buffer.from('\r10%\r20%'));
    expect(lines.open).toBe('20%');
    lines.push(Buffer.from('\r30%\n'));
    expect(lines.open).toBe('');
  });

  it('keeps its colours in its own lines', () => {
    expect(shown(['\x1b[31mred\nstill\x1b[0m not\nplain\n'])).toEqual([
      '\x1b[31mred\x1b[0m',
      '\x1b[31mstill\x1b[0m not\x1b[0m',
      'plain',
    ]);
    expect(shown(['\x1b[31mred\n'], { colours: false })).toEqual(['red']);
  });

  it('commands nothing: neither titles, clipboard, links, movement, nor the controls of 8 bits, also cut in the middle', () => {
    const evil = [
      ...['\x1b]0;title\x07', '\x1b]52;c;ZXZpbA==\x1b\\', '\x1b]8;;http://evil\x07link\x1b]8;;\x07'],
      ...[
        '\x1b[2J\x1b[1;1H',
        '\x1b[?1049h',
        '\x1bP+q544e\x1b\\',
        '\x1b_apc\x1b\\',
        '\x1b^pm\x1b\\',
        '\x1bX sos\x1b\\',
      ],
      ...[
        '\u009b2J',
        '\u009d0;t\u009c',
        '\u0090q\u009c',
        '\x1bc',
        '\x0e\x05\x07\x08',
        '\u2028\u202e\u2066\u200f',
      ],
    ].join('');
    const bytes = Buffer.from(`a${evil}b\n`);
    for (let at = 1; at < bytes.length; at++)
      expect(shown([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(['alinkb']);
  });

  it('does not put marks on what stands before it, nor piles of them', () => {
    expect(shown(['\u0301x\n'])).toEqual(['\u25cc\u0301x']);
    expect(shown([`a${'\u0301'.repeat(50)}\n`])).toEqual([`a${'\u0301'.repeat(4)}`]);
  });

  it('is cut where a line has no end', () => {
    const lines = shown(['x'.repeat(100_000)]);
    expect(lines.join('')).toBe('x'.repeat(100_000));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(16_384);
  });
});
