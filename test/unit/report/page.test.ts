// The script of a report, as far as it needs no browser.
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { classesOf, plainText, spansOf } from '../../../src/report/page/ansi.js';
import { Chunk } from '../../../src/report/page/chunk.js';
import { marked } from '../../../src/report/page/lines.js';
import { Searcher } from '../../../src/report/page/search.js';
import { StepLog } from '../../../src/report/page/step-log.js';

const chunk = (first: number, text: string, sgr = '') =>
  new Chunk({
    ...{ first, sgr, count: text.split('\n').length - 1 },
    packed: deflateRawSync(text).toString('base64'),
  });

const drawn = (line: string) => spansOf(line).map(({ text, style }) => [text, classesOf(style)]);

describe('a line', () => {
  it.each([
    [
      '\u001b[31mred\u001b[0m plain',
      [
        ['red', 'fg1'],
        [' plain', ''],
      ],
    ],
    [
      '\u001b[1;92mok\u001b[22m.',
      [
        ['ok', 'fg10 bold'],
        ['.', 'fg10'],
      ],
    ],
    ['\u001b[41;37m FAIL ', [[' FAIL ', 'bg1']]],
    ['\u001b[38;5;196mred', [['red', 'fg9']]],
    ['\u001b[38;2;30;200;40mgreen', [['green', 'fg2']]],
    [
      '\u001b[38:5:4mblue\u001b[39m.',
      [
        ['blue', 'fg4'],
        ['.', ''],
      ],
    ],
    [
      '\u001b[2mdim\u001b[7minverse',
      [
        ['dim', 'dim'],
        ['inverse', 'bg7'],
      ],
    ],
  ])('%j has its colours', (line, spans) => {
    expect(drawn(line)).toEqual(spans);
  });

  it.each([
    ['a\u001b[2Jb\u001b[10;5Hc', 'abc'],
    ['a\u001b]0;title\u0007b', 'ab'],
    ['a\u001b]8;;https://example.org\u001b\\link\u001b]8;;\u001b\\b', 'alinkb'],
    ['10 %\r50 %\r100 %', '100 %'],
    ['windows\r', 'windows'],
    ['<b>&amp;\u0000\t.', '<b>&amp;\t.'],
  ])('%j is read as %j', (line, text) => {
    expect(plainText(line)).toBe(text);
    expect(
      drawn(line)
        .map(([piece]) => piece)
        .join(''),
    ).toBe(text);
  });
});

describe('a chunk', () => {
  it('gives its lines in any order, each in the colours that hold there', async () => {
    const one = chunk(10, 'a\u001b[32mb\nc\n\u001b[0md\n', '\u001b[1m');
    await one.load();
    const classes = (index: number) => one.spans(index).map(({ text, style }) => [text, classesOf(style)]);
    expect([classes(2), classes(0), classes(1)]).toEqual([
      [['d', '']],
      [
        ['a', 'bold'],
        ['b', 'fg2 bold'],
      ],
      [['c', 'fg2 bold']],
    ]);
  });

  it('has a line once that has a text twice, and does not see colours in it', async () => {
    const one = chunk(1, 'Foo foo\nbar\nf\u001b[1moo\r\nxx\rfOO\nfo\no\n');
    await one.load();
    expect(one.search('foo')).toEqual([0, 2, 3]);
    expect(one.search('none')).toEqual([]);
  });
});

describe('the log of a step', () => {
  const log = new StepLog([chunk(5, 'a\nb\n'), chunk(0, 'missing\n'), chunk(90, 'c\nd\n')]);

  it('knows each row, and the row of each line', () => {
    expect(log.rows).toBe(5);
    expect([0, 1, 2, 3, 4].map((row) => [log.at(row).chunk.first, log.at(row).index])).toEqual([
      [5, 0],
      [5, 1],
      [0, 0],
      [90, 0],
      [90, 1],
    ]);
    expect([5, 6, 7, 90, 91, 92, 0].map((line) => log.rowOfLine(line))).toEqual([
      ...[0, 1, undefined, 3, 4, undefined, undefined],
    ]);
  });
});

describe('a search', () => {
  it('finds lines of all steps in their order, whatever their case', async () => {
    const steps = [
      { chunks: [chunk(1, 'An error\nfine\n')] },
      { chunks: [chunk(3, 'ERROR\n'), chunk(4, 'no\nerrors\n')] },
    ];
    const found = await new Searcher(steps).find('eRRor');
    const at = [0, 1, 2]
      .map((place) => found?.at(place))
      .map((one) => [one?.step, one?.chunk.first, one?.index]);
    expect(found?.count).toBe(3);
    expect(at).toEqual([
      [steps[0], 1, 0],
      [steps[1], 3, 0],
      [steps[1], 4, 1],
    ]);
  });

  it('gives way to a newer one', async () => {
    const searcher = new Searcher([{ chunks: [chunk(1, 'ab\n')] }]);
    const [older, newer] = await Promise.all([searcher.find('a'), searcher.find('ab')]);
    expect([older, newer?.count]).toEqual([undefined, 1]);
  });

  it('marks what it has found, also where colours change in it', () => {
    const pieces = marked(spansOf('x f\u001b[31moo y'), 'foo');
    expect(pieces).toEqual([
      { text: 'x ', classes: '', isFound: false },
      { text: 'f', classes: '', isFound: true },
      { text: 'oo', classes: 'fg1', isFound: true },
      { text: ' y', classes: 'fg1', isFound: false },
    ]);
  });
});
