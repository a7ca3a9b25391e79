import { expect, it } from 'vitest';
import { drawTable, showTime } from '../../../src/ui/table.js';

it('makes each column as wide as its widest cell, and leaves no space at the end', () => {
  const rows = [
    ['A', 'LONG', 'C'],
    ['aaa', 'b', ''],
  ];
  expect(drawTable(rows)).toEqual(['A    LONG  C', 'aaa  b']);
});

it('draws nothing of nothing', () => {
  expect(drawTable([])).toEqual([]);
});

it('shows a time in UTC, to the second', () => {
  expect(showTime(Date.UTC(2026, 0, 31, 12, 0, 0, 999))).toBe('2026-01-31 12:00:00');
});
