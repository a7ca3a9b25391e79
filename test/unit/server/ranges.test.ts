import type { IncomingHttpHeaders } from 'node:http';
import { expect, it } from 'vitest';
import { wantedOf } from '../../../src/server/ranges.js';

const file = { size: 100, etag: '"abc"' };
const wanted = (headers: IncomingHttpHeaders, method = 'GET') => wantedOf(method, headers, file);
const part = (start: number, end: number) => ({ kind: 'part', start, end });

it.each([
  ['', { kind: 'whole' }],
  ['bytes=0-9', part(0, 9)],
  ['bytes=10-', part(10, 99)],
  ['bytes=-10', part(90, 99)],
  ['bytes=-1000', part(0, 99)],
  ['bytes=90-1000', part(90, 99)],
  ['bytes=99-99', part(99, 99)],
  ['Bytes = 1-2', part(1, 2)],
  ['bytes=1-2,', part(1, 2)],
  ['bytes=100-', { kind: 'unsatisfiable' }],
  [`bytes=${'9'.repeat(40)}-`, { kind: 'unsatisfiable' }],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  // What is no range, or several, is answered with the whole.
  ['bytes=2-1', { kind: 'whole' }],
  ['bytes=-', { kind: 'whole' }],
  ['bytes=a-b', { kind: 'whole' }],
  ['bytes=1.5-2', { kind: 'whole' }],
  ['bytes=--5', { kind: 'whole' }],
  ['lines=1-2', { kind: 'whole' }],
  ['bytes=0-1,5-6', { kind: 'whole' }],
])('the range "%s" of 100 bytes', (range, answer) => {
  expect(wanted({ range })).toEqual(answer);
});

it.each([
  ['"abc"', 'unchanged'],
  ['W/"abc"', 'unchanged'],
  ['"x", "abc"', 'unchanged'],
  ['"a,b", "abc"', 'unchanged'],
  ['*', 'unchanged'],
  ['"x"', 'whole'],
  ['abc', 'whole'],
])('what a client has is named by If-None-Match: %s', (tags, kind) => {
  expect(wanted({ 'if-none-match': tags }).kind).toBe(kind);
  expect(wanted({ 'if-none-match': tags }, 'HEAD').kind).toBe(kind);
});

it.each([
  ['"abc"', 'part'],
  ['"old"', 'whole'],
  // A weak tag may stand for other bytes, and dates are not told.
  ['W/"abc"', 'whole'],
  ['Sat, 31 Jan 2026 12:00:00 GMT', 'whole'],
])('a part is of what If-Range names: %s', (tag, kind) => {
  expect(wanted({ range: 'bytes=0-1', 'if-range': tag }).kind).toBe(kind);
});

it('HEAD has no range', () => {
  expect(wanted({ range: 'bytes=0-1' }, 'HEAD')).toEqual({ kind: 'whole' });
});
