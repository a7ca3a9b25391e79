// The lines of one step: which chunk a row is in, and which row a line is. Pure.

export class StepLog {
  /** Rows before each chunk. */
  #before = [];
  chunks;
  rows = 0;

  constructor(chunks) {
    this.chunks = chunks;
    for (const { count } of chunks) {
      this.#before.push(this.rows);
      this.rows += count;
    }
  }

  /** The chunk of a row, and the row's place in it. */
  at(row) {
    const index = lastAtMost(this.#before, row);
    return { chunk: this.chunks[index], index: row - this.#before[index] };
  }

  /** The row of a place in a chunk. */
  rowOf(chunk, index) {
    return this.#before[this.chunks.indexOf(chunk)] + index;
  }

  /** The row of a line of the log; undefined if that is in another step. */
  rowOfLine(line) {
    const at = this.chunks.findIndex(
      ({ first, count }) => first > 0 && line >= first && line < first + count,
    );
    return at === -1 ? undefined : this.#before[at] + line - this.chunks[at].first;
  }
}

/** The place of the last of these numbers, which rise, that is not above a number. */
export function lastAtMost(numbers, most) {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numbers[middle] <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}
