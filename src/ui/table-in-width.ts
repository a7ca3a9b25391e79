// Draws rows of a name, a value and words about it so that they fit a width: words are continued below themselves. Pure.
import { visible } from '../job/printable.js';
import { padTo, widthOf, wrapTo } from './cells.js';
import { drawTable } from './table.js';

const GAP = '  ';
/** Of the width, the words get half at least: a longer value has them on the lines below it. */
const LEAST_FOR_WORDS = 0.5;

/** Rows of three cells as a table, where each fits into its line; else with their words in as many lines as they need. */
export function drawTableIn(columns: number, rows: string[][]): string[] {
  const asTable = drawTable(rows);
  if (asTable.every((line) => widthOf(line) <= columns)) return asTable;
  const cells = rows.map((row) => row.map(visible));
  const widest = (column: number) => Math.max(...cells.map((row) => widthOf(row[column] ?? '')));
  const room = Math.floor(columns * (1 - LEAST_FOR_WORDS));
  const before = Math.min(widest(0) + GAP.length + widest(1), room) + GAP.length;
  return cells.flatMap(([name = '', value = '', words = '']) => {
    const start = padTo(widest(0), name) + GAP + value;
    const lines = wrapTo(columns - before, words);
    const fits = widthOf(start) + GAP.length <= before;
    const first = fits ? [`${padTo(before, start)}${lines.shift() ?? ''}`.trimEnd()] : [start];
    return [...first, ...lines.map((line) => ' '.repeat(before) + line)];
  });
}
