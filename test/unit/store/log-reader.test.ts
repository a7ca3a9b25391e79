import { expect, it } from 'vitest';
import { type Entry, Gaps, partBytes, toChunk } from '../../../src/store/log-reader.js';

const entry = (seq: number, line: number, data: string): Entry => [
  Buffer.from(`${seq}-0`),
  ['t', '5', 's', 'build', 'n', String(line), 'd', data].map((field) => Buffer.from(field)),
];

it('reads an entry of the stream, also where the text looks like the name of a field', () => {
  expect(toChunk(entry(3, 7, 'd'))).toEqual({
    seq: 3,
    time: 5,
    step: 'build',
    line: 7,
    data: Buffer.from('d'),
  });
});

it('finds where lines are missing, and says it once', () => {
  const gaps = new Gaps();
  const chunks = [entry(1, 1, 'a\nb\n'), entry(5, 1_003, 'c\n'), entry(6, 1_004, 'd\n')].map(toChunk);
  const parts = chunks.flatMap((chunk) => [...gaps.between(chunk)]);
  expect(parts.map(({ kind }) => kind)).toEqual(['lines', 'cut', 'lines', 'lines']);
  expect(Buffer.concat(parts.map(partBytes)).toString()).toBe(
    'a\nb\n… 1,000 lines are left out here: the log exceeds its limit (KOALACI_LOG_LIMIT) …\nc\nd\n',
  );
});

/** What is missing before each entry. */
const missing = (entries: Entry[], after = 0) => {
  const gaps = new Gaps(after);
  return entries.map((one) => gaps.before(toChunk(one))?.lines);
};

it('says that the head is missing', () => {
  expect(missing([entry(4, 31, 'x\n')])).toEqual([30]);
});

it('finds a missing piece of a long line, and none where pieces follow each other', () => {
  expect(missing([entry(1, 1, 'aa'), entry(2, 1, 'bb'), entry(5, 1, 'ee\n'), entry(6, 2, 'f')])).toEqual([
    ...[undefined, undefined],
    ...[0, undefined],
  ]);
});

it('knows that another attempt counts from another number, and where a reader goes on', () => {
  expect(missing([entry(1, 1, 'a\n'), entry(1e9 + 1, 2, 'b\n')])).toEqual([undefined, undefined]);
  expect(missing([entry(8, 20, 'b\n')], 7)).toEqual([undefined]);
  expect(missing([entry(9, 20, 'b\n')], 7)).toEqual([0]);
});
