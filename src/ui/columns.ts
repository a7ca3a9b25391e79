// Draws rows of cells in columns that fit a width: cells that may shrink lose their middle. Pure.
import { padTo, shortenTo, widthOf } from './cells.js';

export interface Column {
  /** Whether its cells may be shortened. */
  shrinks?: boolean;
  /** Whether its cells stand at the right. */
  right?: boolean;
}

const GAP = '  ';
/** A shorter name says nothing. */
const LEAST = 6;

/** Lines of at most `width` cells, if the columns that shrink allow it. Cells are drawn as they are. */
export function drawColumns(rows: string[][], columns: readonly Column[], width: number): string[] {
  const widths = fitted(rows, columns, width);
  return rows.map((row) =>
    row
      .map((cell, at) => placed(cell, widths[at] ?? 0, columns[at] ?? {}))
      .join(GAP)
      .trimEnd(),
  );
}

/** The widths of the columns: the widest of those that shrink gives first. */
function fitted(rows: string[][], columns: readonly Column[], width: number): number[] {
  const widths = columns.map((_, at) => Math.max(0, ...rows.map((row) => widthOf(row[at] ?? ''))));
  for (let over = sum(widths) + GAP.length * (widths.length - 1) - width; over > 0; over--) {
    const shrinking = widths.map((cells, at) => (columns[at]?.shrinks && cells > LEAST ? cells : 0));
    const widest = Math.max(...shrinking);
    if (widest === 0) break;
    const at = shrinking.indexOf(widest);
    widths[at] = widest - 1;
  }
  return widths;
}

function placed(cell: string, width: number, { shrinks, right }: Column): string {
  const shown = shrinks ? shortenTo(width, cell) : cell;
  return right ? ' '.repeat(Math.max(0, width - widthOf(shown))) + shown : padTo(width, shown);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
