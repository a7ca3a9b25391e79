// Draws rows of cells in columns. Pure.
import { visible } from '../job/printable.js';

/** Lines with every column as wide as its widest cell. */
export function drawTable(cells: string[][]): string[] {
  const rows = cells.map((row) => row.map(visible));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** A time as `2026-01-31 12:00:00`, in UTC. */
export function showTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
}
