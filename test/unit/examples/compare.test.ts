import { expect, it } from 'vitest';
import { judge } from '../../examples/compare.js';

const clean = { 'index.html': 'a', 'app.js': 'b' };

it('calls two artifacts equal only if they have the same files', () => {
  expect(judge({ ...clean }, clean, clean)).toEqual({ kind: 'equal' });
  expect(judge({ ...clean, old: 'x' }, clean, clean)).toEqual({ kind: 'DIFFERS', paths: ['old'] });
  expect(judge({ 'app.js': 'c' }, clean, clean)).toEqual({
    kind: 'DIFFERS',
    paths: ['app.js', 'index.html'],
  });
});

it('blames the tool where two clean builds differ as well', () => {
  const again = { ...clean, 'app.js': 'other' };
  expect(judge({ ...clean, 'app.js': 'c' }, clean, again)).toEqual({
    kind: 'not deterministic',
    paths: ['app.js'],
  });
  // Another file than those in which the tool differs from itself.
  expect(judge({ ...clean, 'index.html': 'c' }, clean, again).kind).toBe('DIFFERS');
});
