// A step's part of the log, in the page: unpacks what is seen of it, and draws that.
import { Chunk } from './chunk.js';
import { lineElement } from './lines.js';
import { StepLog } from './step-log.js';
import { Viewport } from './viewport.js';

/** Lines of each open step that get on paper. */
const PRINTED = 500;

export class StepView {
  #details;
  #log;
  #viewport;
  /** What all steps share: the text that is searched for, and the number of the line that a link leads to. */
  #shown;
  #awaited = new Set();

  constructor(details, shown) {
    this.#details = details;
    this.#shown = shown;
    this.#log = new StepLog([...details.querySelectorAll('script')].map(chunkOf));
    this.#viewport = new Viewport(details.querySelector('.lines'), this.#log.rows, (row) => this.#row(row));
    const { rows } = this.#log;
    details.querySelector('.count').textContent =
      rows === 1 ? '1 line' : `${rows.toLocaleString('en')} lines`;
    details.addEventListener('toggle', () => details.open && this.refresh());
    // The end of a failed step says why.
    if (details.dataset.end !== undefined) this.#viewport.showEnd();
  }

  get chunks() {
    return this.#log.chunks;
  }

  get isOpen() {
    return this.#details.open;
  }

  refresh() {
    this.#viewport.refresh();
  }

  /** Opens the step at a place in one of its chunks. */
  show(chunk, index) {
    this.#open(this.#log.rowOf(chunk, index));
  }

  /** Opens the step at a line of the log. Returns whether it has that. */
  showLine(line) {
    const row = this.#log.rowOfLine(line);
    if (row !== undefined) this.#open(row);
    return row !== undefined;
  }

  /** Unpacks what will be on paper, and draws it. */
  async print() {
    const { rows } = this.#log;
    for (let row = Math.max(0, rows - PRINTED); row < rows; row++) await this.#log.at(row).chunk.load();
    this.#viewport.drawLast(PRINTED);
  }

  leavePaper() {
    this.#viewport.leavePaper();
  }

  #open(row) {
    this.#details.open = true;
    this.#viewport.show(row);
    this.#details.scrollIntoView({ block: 'nearest' });
  }

  /** Draws anew once it is unpacked. */
  #await(chunk) {
    if (this.#awaited.has(chunk)) return;
    this.#awaited.add(chunk);
    void chunk.load().then(() => this.refresh());
  }

  #row(row) {
    const { chunk, index } = this.#log.at(row);
    const number = chunk.first > 0 ? chunk.first + index : 0;
    if (!chunk.isLoaded) {
      this.#await(chunk);
      return lineElement({ number, spans: [] });
    }
    const { needle, target } = this.#shown;
    return lineElement({
      number,
      spans: chunk.spans(index),
      needle,
      isTarget: number > 0 && number === target,
    });
  }
}

function chunkOf(script) {
  const { first, lines, sgr } = script.dataset;
  const colours = sgr.replaceAll('[', '\u001b[');
  const chunk = new Chunk({
    first: Number(first),
    count: Number(lines),
    sgr: colours,
    packed: script.textContent,
  });
  script.remove();
  return chunk;
}
